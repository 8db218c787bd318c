package sdktest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// SourceDriver is what the suite needs to know of a source and its system.
type SourceDriver struct {
	Driver
	// Produce makes so many changes in the system and returns their ids in the
	// order in which the source must send them. Some transactions must have
	// several changes, or resumption within one is not tested.
	Produce func(t *testing.T, changes int) []string
	// ID returns the id that Produce gave a record, empty for one that is not its own.
	ID func(Record) string
}

// changes that the suite makes at a time: few enough to resume behind each.
const changes = 8

// Source runs the suite for sources.
func Source(t *testing.T, d SourceDriver) {
	d.common(t, leatv1.Kind_KIND_SOURCE, func(t *testing.T, config any) (*host, error) {
		r, err := RunSource(t, d.New(), config, nil)
		if err != nil {
			return nil, err
		}
		return r.host, nil
	})
	base := d.base(t)
	if base == nil {
		return // without a stream to resume nothing else can be asked
	}
	d.run(t, "sends all changes in order", func(t *testing.T) { d.ordered(t, base) })
	d.run(t, "resumes exactly behind each record", func(t *testing.T) { d.resumes(t, base) })
	d.run(t, "loses nothing when it is killed", func(t *testing.T) { d.killed(t, base) })
	d.run(t, "sends all it has read at a stop", func(t *testing.T) { d.stopped(t, base) })
	d.run(t, "gives each sink its own share", func(t *testing.T) { d.shares(t, base) })
	d.run(t, "streams on for the others while a sink is new", func(t *testing.T) { d.joined(t, base) })
	d.run(t, "sends a lone change at once", func(t *testing.T) { d.lone(t, base) })
	d.run(t, "tells how far it has come, if it does", func(t *testing.T) {
		r := d.open(t, d.advance(t, base))
		d.progresses(t, r)
		r.Kill()
	})
}

// base brings a source to where it streams, and returns the checkpoint there.
func (d *SourceDriver) base(t *testing.T) (c *sdk.Checkpoint) {
	d.run(t, "starts without a checkpoint", func(t *testing.T) {
		r := d.open(t, nil)
		deadline := time.Now().Add(d.timeout())
		for !d.streams(t, r, d.Produce(t, 1)) {
			if t.Failed() || time.Now().After(deadline) {
				t.Fatal("no change came that was made after Open")
			}
		}
		c = r.Checkpoint(0)
		r.Kill()
	})
	return c
}

// streams says whether the changes come from the stream, in time. A snapshot may
// have taken them, or they were made before the source began.
func (d *SourceDriver) streams(t *testing.T, r *SourceRun, ids []string) bool {
	r.timeout = min(d.timeout(), 2*time.Second)
	defer func() { r.timeout = d.timeout() }()
	for {
		b, err := r.Next()
		if err != nil {
			if !isWaited(err) {
				t.Error(err)
			}
			return false
		}
		if b == nil {
			t.Error("source has ended its stream")
			return false
		}
		for _, rec := range b.Records {
			if slices.Contains(ids, d.ID(rec)) {
				return rec.Change == nil || rec.Change.Op != sdk.Read
			}
		}
	}
}

func (d *SourceDriver) open(t *testing.T, sinks ...*sdk.Checkpoint) *SourceRun {
	t.Helper()
	return d.openWith(t, d.New(), sinks...)
}

func (d *SourceDriver) openWith(t *testing.T, p *sdk.Plugin, sinks ...*sdk.Checkpoint) *SourceRun {
	t.Helper()
	r, err := RunSource(t, p, d.Config, sinks...)
	if err != nil {
		t.Fatalf("open source: %v", err)
	}
	r.timeout = d.timeout()
	return r
}

// read returns the ids of what a sink gets, up to as many as want has.
func (d *SourceDriver) read(t *testing.T, r *SourceRun, want []string) []string {
	t.Helper()
	var got []string
	for len(got) < len(want) {
		b, err := r.Next()
		if err != nil || b == nil {
			t.Fatalf("after the records %v: batch %v, error %v", got, b, err)
		}
		got = append(got, d.ids(b)...)
	}
	return got
}

func (d *SourceDriver) ids(b *SourceBatch) []string {
	var out []string
	for _, r := range b.Records {
		if id := d.ID(r); id != "" {
			out = append(out, id)
		}
	}
	return out
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
