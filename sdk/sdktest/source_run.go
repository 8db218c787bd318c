package sdktest

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// firstSequence is where a source is told to begin.
const firstSequence = 1001

// SourceRun is a source that runs.
type SourceRun struct {
	*host
	known   known
	next    uint64
	over    bool     // the end frame has come
	names   []string // of the sinks
	points  []*sdk.Checkpoint
	pending []map[string][]byte // state that waits for a sink's next batch; nil removes
}

// SourceBatch is a batch that a source sent.
type SourceBatch struct {
	Sequence uint64
	Sinks    sdk.SinkSet
	Position sdk.Position
	// Time of the newest record in microseconds since 1970.
	Time    int64
	Records []Record
}

// RunSource opens a source for sinks with these checkpoints, nil for one that has
// received nothing. The error is what Open reported.
func RunSource(t TB, p *sdk.Plugin, config any, sinks ...*sdk.Checkpoint) (*SourceRun, error) {
	t.Helper()
	req := &leatv1.OpenRequest{Name: "source", NextSequence: firstSequence}
	r := &SourceRun{known: known{}, next: firstSequence, pending: make([]map[string][]byte, len(sinks))}
	for i, c := range sinks {
		sink := &leatv1.Sink{Name: fmt.Sprint("sink", i)}
		if c != nil {
			b, _ := c.Position.AppendBinary(nil) // never fails
			sink.Checkpoint = &leatv1.Checkpoint{Position: b, State: c.State}
			c = &sdk.Checkpoint{Position: c.Position, State: maps.Clone(c.State)}
		}
		req.Sinks, r.names, r.points = append(req.Sinks, sink), append(r.names, sink.Name), append(r.points, c)
	}
	h, err := open(t, p, config, req, 0)
	if err != nil {
		return nil, err
	}
	r.host = h
	return r, nil
}

// Next returns the next batch, nil if the source has ended its stream. The error
// is what ended the source, or a breach of the protocol.
func (r *SourceRun) Next() (*SourceBatch, error) {
	for !r.over {
		f, err := r.frame()
		if f == nil || err != nil {
			return nil, err
		}
		switch f.Type {
		case frame.Schema:
			err = r.known.add(f)
		case frame.State:
			err = r.state(f)
		case frame.Batch:
			return r.batch(f)
		case frame.Fail:
			return nil, failFrame(f)
		case frame.End:
			r.over = true
		default:
			err = fmt.Errorf("source sent a %v frame", f.Type)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// Checkpoint returns where the i-th sink resumes if it has stored all batches
// that Next has returned; nil if it has none.
func (r *SourceRun) Checkpoint(i int) *sdk.Checkpoint {
	c := r.points[i]
	if c == nil {
		return nil
	}
	return &sdk.Checkpoint{Position: c.Position, State: maps.Clone(c.State)}
}

// Stop ends the stream in order and returns the batches that Next had not
// returned yet.
func (r *SourceRun) Stop() ([]*SourceBatch, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop(ctx) }()
	var rest []*SourceBatch
	b, err := r.Next()
	for ; b != nil && err == nil; b, err = r.Next() {
		rest = append(rest, b)
	}
	if err != nil {
		r.Kill()
		return rest, errors.Join(err, <-stopped)
	}
	err = <-stopped
	r.hangUp()
	return rest, err
}

func (r *SourceRun) frame() (*frame.Frame, error) {
	f, err := r.host.next()
	if f == nil && err == nil {
		err = errors.New("source closed its socket without an end frame")
	}
	return f, err
}

func (r *SourceRun) state(f *frame.Frame) error {
	var msg leatv1.StateChange
	if err := proto.Unmarshal(f.Payload, &msg); err != nil {
		return fmt.Errorf("read state frame: %w", err)
	}
	for i := range r.points {
		if !sdk.SinkSet(f.Sinks).Has(i) {
			continue
		}
		if r.pending[i] == nil {
			r.pending[i] = map[string][]byte{}
		}
		for k, v := range msg.GetSet() {
			r.pending[i][k] = append([]byte{}, v...)
		}
		for _, k := range msg.GetRemoved() {
			r.pending[i][k] = nil
		}
	}
	return nil
}

func (r *SourceRun) batch(f *frame.Frame) (*SourceBatch, error) {
	p, err := sdk.ParsePosition(append([]byte(nil), f.Position...))
	if err != nil {
		return nil, fmt.Errorf("batch %d: %w", f.Sequence, err)
	}
	b := &SourceBatch{Sequence: f.Sequence, Sinks: sdk.SinkSet(f.Sinks), Position: p, Time: f.Time}
	if b.Sequence != r.next {
		return nil, fmt.Errorf("source sent batch %d, want %d", b.Sequence, r.next)
	}
	r.next++
	if b.Sinks == 0 || b.Sinks>>len(r.points) != 0 {
		return nil, fmt.Errorf("batch %d is for the sinks %b, there are %d", b.Sequence, b.Sinks, len(r.points))
	}
	if b.Records, err = decode(sdk.NewBatch(f, r.known)); err != nil {
		return nil, fmt.Errorf("batch %d: %w", b.Sequence, err)
	}
	if len(b.Records) != int(f.Count) {
		return nil, fmt.Errorf("batch %d has %d records and says %d", b.Sequence, len(b.Records), f.Count)
	}
	r.move(b)
	return b, nil
}

// move takes the checkpoints of the batch's sinks to its position.
func (r *SourceRun) move(b *SourceBatch) {
	for i := range r.points {
		if !b.Sinks.Has(i) {
			continue
		}
		if r.points[i] == nil {
			r.points[i] = &sdk.Checkpoint{}
		}
		c := r.points[i]
		if c.Position = b.Position; c.State == nil {
			c.State = map[string][]byte{}
		}
		for k, v := range r.pending[i] {
			if c.State[k] = v; v == nil {
				delete(c.State, k)
			}
		}
		r.pending[i] = nil
	}
}
