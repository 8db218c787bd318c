package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// record is a change as a sink would keep it.
type record struct {
	sinks    sdk.SinkSet
	text     string // op table before → after, as in "u t1 {1 a} {1 b}"
	change   sdk.Change
	origin   sdk.Origin
	position sdk.Position
}

// recorder stands for the host and its sinks: it keeps what is written, and the
// checkpoint of each sink as of each record.
type recorder struct {
	mu      sync.Mutex
	sinks   sdk.SinkSet
	all     sdk.SinkSet
	schemas map[sdk.SchemaID]*sdk.RowSchema
	origin  sdk.Origin
	records []record
	points  map[int]*sdk.Checkpoint
	pending map[int]map[string][]byte // state that waits for a position
	flushed int
	rows    rows
	// limit has Change fail when so many records are there, as a crash would.
	limit int
	// slow is how long each change takes.
	slow time.Duration
}

var errCrash = fmt.Errorf("crash")

func newRecorder(sinks int) *recorder {
	return &recorder{
		sinks: sdk.SinkSet(1)<<sinks - 1, all: sdk.SinkSet(1)<<sinks - 1, schemas: map[sdk.SchemaID]*sdk.RowSchema{},
		points: map[int]*sdk.Checkpoint{}, pending: map[int]map[string][]byte{}, rows: rows{},
	}
}

// resume returns what a host would open the source with now.
func (r *recorder) resume() sdk.Resume {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out sdk.Resume
	for i := 0; r.all.Has(i); i++ {
		s := sdk.SinkState{Name: fmt.Sprintf("sink%d", i)}
		if p := r.points[i]; p != nil {
			c := *p
			c.State = maps.Clone(p.State)
			s.Checkpoint = &c
		}
		out.Sinks = append(out.Sinks, s)
	}
	return out
}

func (r *recorder) Direct(sinks sdk.SinkSet) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sinks = sinks
	return nil
}

func (r *recorder) Schema(s *sdk.RowSchema) (sdk.SchemaID, error) {
	_, id, err := sdk.Schema{Row: s}.Encode()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.schemas[id] = s
	return id, err
}

func (r *recorder) State(changes ...sdk.StateChange) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range sdk.MaxSinks {
		if !r.sinks.Has(i) {
			continue
		}
		if r.pending[i] == nil {
			r.pending[i] = map[string][]byte{}
		}
		for _, c := range changes {
			r.pending[i][c.Key] = c.Value
		}
	}
	return nil
}

func (r *recorder) Origin(o *sdk.Origin) { r.origin = *o }

func (r *recorder) Change(c *sdk.Change, p sdk.Position) error {
	time.Sleep(r.slow)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.limit > 0 && len(r.records) >= r.limit {
		return errCrash
	}
	s := r.schemas[c.Schema]
	if s == nil {
		return fmt.Errorf("schema %v was not announced", c.Schema)
	}
	text := fmt.Sprintf("%c %s", c.Op, s.Table)
	for _, row := range [][]byte{c.Before, c.After} {
		if row != nil {
			text += " " + show(s, row)
		}
	}
	if c.StateOnly {
		text += " for state only"
	}
	p.Base = bytes.Clone(p.Base) // the stream uses its memory again
	r.rows.keep(s, c)
	kept := *c
	for _, part := range []*[]byte{&kept.Key, &kept.OldKey, &kept.Before, &kept.After} {
		*part = bytes.Clone(*part)
	}
	r.records = append(r.records, record{r.sinks, text, kept, r.origin, p})
	r.move(p)
	return nil
}

func (r *recorder) Advance(p sdk.Position, _ int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	p.Base = bytes.Clone(p.Base)
	r.move(p)
	return nil
}

// move makes p the checkpoint of the sinks that are directed to.
func (r *recorder) move(p sdk.Position) {
	for i := range sdk.MaxSinks {
		if !r.sinks.Has(i) {
			continue
		}
		c := r.points[i]
		if c == nil {
			c = &sdk.Checkpoint{State: map[string][]byte{}}
			r.points[i] = c
		}
		c.Position = p
		for k, v := range r.pending[i] {
			if v == nil {
				delete(c.State, k)
			} else {
				c.State[k] = v
			}
		}
		delete(r.pending, i)
	}
}

func (r *recorder) Flush() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.flushed = len(r.records)
	return nil
}

func (r *recorder) Pending() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.flushed < len(r.records)
}

// texts returns what one sink received, from the n-th record of it on.
func (r *recorder) texts(sink, n int) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, rec := range r.records {
		if rec.sinks.Has(sink) {
			out = append(out, rec.text)
		}
	}
	return out[min(n, len(out)):]
}

// wait returns what a sink received, once it is n records or the time is over.
func (r *recorder) wait(ctx context.Context, sink, n int) []string {
	for {
		got := r.texts(sink, 0)
		if len(got) >= n || ctx.Err() != nil {
			return got
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// show renders an encoded row whose columns are numbers and strings.
func show(s *sdk.RowSchema, row []byte) string {
	rd := avro.NewReader(row)
	var parts []string
	for _, c := range s.Columns {
		if c.Nullable {
			index := rd.ReadLong()
			if (index == 0) != (c.ValueIndex() == 0) {
				parts = append(parts, "NULL")
				continue
			}
		}
		switch c.Type {
		case sdk.Int:
			parts = append(parts, fmt.Sprint(rd.ReadInt()))
		case sdk.Long:
			parts = append(parts, fmt.Sprint(rd.ReadLong()))
		case sdk.String:
			parts = append(parts, rd.ReadString())
		case sdk.Bytes:
			parts = append(parts, fmt.Sprintf("%x", rd.ReadBytes()))
		default:
			parts = append(parts, fmt.Sprintf("<%s>", c.Type))
		}
	}
	if rd.Error != nil {
		parts = append(parts, rd.Error.Error())
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func TestRecorder_checkpointsHoldStateOnlyWithAPosition(t *testing.T) {
	t.Parallel()
	r := newRecorder(2)
	_ = r.Direct(1)
	_ = r.State(sdk.StateChange{Key: "k", Value: []byte("v")})
	if c := r.resume().Sinks[0].Checkpoint; c != nil {
		t.Fatalf("state alone made the checkpoint %v", c)
	}
	_ = r.Advance(sdk.Position{Base: []byte("b")}, 0)
	if c := r.resume().Sinks[0].Checkpoint; c == nil || string(c.State["k"]) != "v" {
		t.Errorf("got %v", c)
	}
	if c := r.resume().Sinks[1].Checkpoint; c != nil {
		t.Errorf("the other sink got %v", c)
	}
}
