package sdktest

import (
	"errors"
	"testing"

	"github.com/leat-io/leat/sdk"
)

func isWaited(err error) bool { return errors.Is(err, errWaited) }

// advance gives a checkpoint behind all that was made up to now.
func (d *SourceDriver) advance(t *testing.T, c *sdk.Checkpoint) *sdk.Checkpoint {
	t.Helper()
	r := d.open(t, c)
	want := d.Produce(t, 1)
	for got := ""; got != want[0]; {
		b, err := r.Next()
		if err != nil || b == nil {
			t.Fatalf("batch %v, error %v", b, err)
		}
		for _, id := range d.ids(b) {
			got = id
		}
	}
	defer r.Kill()
	return r.Checkpoint(0)
}

func (d *SourceDriver) ordered(t *testing.T, base *sdk.Checkpoint) {
	from := d.advance(t, base)
	want := d.Produce(t, changes*5)
	r := d.open(t, from)
	same(t, "records", want, d.read(t, r, want))
	more := d.Produce(t, changes)
	same(t, "records made while the source runs", more, d.read(t, r, more))
	r.Kill()
}

// resumes starts a source behind each record of another.
func (d *SourceDriver) resumes(t *testing.T, base *sdk.Checkpoint) {
	from := d.advance(t, base)
	want := d.Produce(t, changes)
	p := d.New()
	p.LimitBatches(1)
	r := d.openWith(t, p, from)
	points, seen := []*sdk.Checkpoint{from}, 0
	for seen < len(want) {
		b, err := r.Next()
		if err != nil || b == nil {
			t.Fatalf("after %d records: batch %v, error %v", seen, b, err)
		}
		if n := len(d.ids(b)); n > 0 {
			seen += n
			points = append(points, r.Checkpoint(0))
		}
	}
	r.Kill()
	if len(points) != len(want)+1 {
		t.Fatalf("%d records came with %d positions", len(want), len(points)-1)
	}
	for i, c := range points {
		r := d.open(t, c)
		more := d.Produce(t, 1) // so that what must not come again has time to come
		want = append(want, more...)
		same(t, "records behind "+label(c), want[i:], d.read(t, r, want[i:]))
		r.Kill()
	}
}

func label(c *sdk.Checkpoint) string { return string(c.Position.Base) }

// killed kills the source after every few batches.
func (d *SourceDriver) killed(t *testing.T, base *sdk.Checkpoint) {
	c := d.advance(t, base)
	want := d.Produce(t, changes*3)
	var got []string
	for len(got) < len(want) {
		p := d.New()
		p.LimitBatches(2)
		r := d.openWith(t, p, c)
		for batches := 0; batches < 2 && len(got) < len(want); {
			b, err := r.Next()
			if err != nil || b == nil {
				t.Fatalf("after the records %v: batch %v, error %v", got, b, err)
			}
			if ids := d.ids(b); len(ids) > 0 {
				got = append(got, ids...)
				batches++
			}
		}
		c = r.Checkpoint(0)
		r.Kill()
	}
	same(t, "records over all starts", want, got)
}

// stopped stops the source in mid stream; the next one goes on where it ended.
func (d *SourceDriver) stopped(t *testing.T, base *sdk.Checkpoint) {
	c := d.advance(t, base)
	want := d.Produce(t, changes*3)
	p := d.New()
	p.LimitBatches(1)
	r := d.openWith(t, p, c)
	got := d.read(t, r, want[:1])
	want = append(want, d.Produce(t, changes)...) // of these it has not read all
	rest, err := r.Stop()
	if err != nil {
		t.Fatalf("stop: %v", err)
	}
	for _, b := range rest {
		got = append(got, d.ids(b)...)
	}
	if len(got) > len(want) {
		t.Fatalf("more records than were made: %v", got)
	}
	more := d.Produce(t, 1)
	want = append(want, more...)
	next := d.open(t, r.Checkpoint(0))
	same(t, "records before and after the stop", want, append(got, d.read(t, next, want[len(got):])...))
	next.Kill()
}

// shares resumes two sinks that stand apart.
func (d *SourceDriver) shares(t *testing.T, base *sdk.Checkpoint) {
	early := d.advance(t, base)
	want := d.Produce(t, changes)
	p := d.New()
	p.LimitBatches(1)
	r := d.openWith(t, p, early)
	d.read(t, r, want[:changes/2+1])
	late := r.Checkpoint(0)
	r.Kill()

	want = append(want, d.Produce(t, 1)...)
	both := d.open(t, late, early)
	got := d.readAll(t, both, 2, want[len(want)-1])
	same(t, "records of the sink that is ahead", want[changes/2+1:], got[0])
	same(t, "records of the sink that is behind", want, got[1])
	both.Kill()
}

// readAll returns what each sink gets up to the record last, in any order of sinks.
func (d *SourceDriver) readAll(t *testing.T, r *SourceRun, sinks int, last string) [][]string {
	t.Helper()
	got, open := make([][]string, sinks), sinks
	for open > 0 {
		b, err := r.Next()
		if err != nil || b == nil {
			t.Fatalf("after the records %v: batch %v, error %v", got, b, err)
		}
		for _, id := range d.ids(b) {
			for i := range got {
				if b.Sinks.Has(i) {
					got[i] = append(got[i], id)
					if id == last {
						open--
					}
				}
			}
		}
	}
	return got
}

// joined adds a sink without a checkpoint to one that streams.
func (d *SourceDriver) joined(t *testing.T, base *sdk.Checkpoint) {
	c := d.advance(t, base)
	want := d.Produce(t, changes)
	r := d.open(t, c, nil)
	var got []string
	for len(got) < len(want) {
		b, err := r.Next()
		if err != nil || b == nil {
			t.Fatalf("after the records %v: batch %v, error %v", got, b, err)
		}
		if b.Sinks.Has(0) {
			got = append(got, d.ids(b)...)
		}
	}
	same(t, "records of the sink that is not new", want, got)
	r.Kill()
}

// lone sees that a change is not held back until others come.
func (d *SourceDriver) lone(t *testing.T, base *sdk.Checkpoint) {
	r := d.open(t, d.advance(t, base))
	for range 3 {
		want := d.Produce(t, 1)
		same(t, "record", want, d.read(t, r, want))
	}
	r.Kill()
}
