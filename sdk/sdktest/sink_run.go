package sdktest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// SinkRun is a sink that runs.
type SinkRun struct {
	*host
	last uint64
	open map[uint64]bool
}

// RunSink opens a sink. The error is what Open reported.
func RunSink(t TB, p *sdk.Plugin, config any) (*SinkRun, error) {
	t.Helper()
	h, err := open(t, p, config, &leatv1.OpenRequest{Name: "sink"}, queued)
	if err != nil {
		return nil, err
	}
	return &SinkRun{host: h, open: map[uint64]bool{}}, nil
}

// Send gives the sink a batch of records and returns its sequence.
func (r *SinkRun) Send(records ...Record) uint64 {
	r.t.Helper()
	r.sendAs(r.last+1, records)
	return r.last
}

func (r *SinkRun) sendAs(sequence uint64, records []Record) {
	r.t.Helper()
	raw, err := pack(header(sequence), position(sequence), records)
	if err != nil {
		r.t.Fatalf("make batch: %v", err)
	}
	r.last, r.open[sequence] = sequence, true
	r.send(raw)
}

// SendState gives a transactional sink the changes of source state that belong
// to the next batch.
func (r *SinkRun) SendState(changes ...sdk.StateChange) {
	r.t.Helper()
	msg := &leatv1.StateChange{Set: map[string][]byte{}}
	for _, c := range changes {
		if c.Value == nil {
			msg.Removed = append(msg.Removed, c.Key)
		} else {
			msg.Set[c.Key] = c.Value
		}
	}
	payload, err := proto.Marshal(msg)
	if err != nil {
		r.t.Fatal(err)
	}
	var raw bytes.Buffer
	err = frame.NewWriter(&raw).Write(&frame.Frame{Header: frame.Header{Type: frame.State, Sinks: 1}, Payload: payload})
	if err != nil {
		r.t.Fatal(err)
	}
	r.send(raw.Bytes())
}

// Ack returns the sequence of the next batch that the sink acknowledges. The
// error is what ended the sink, or a breach of the protocol.
func (r *SinkRun) Ack() (uint64, error) {
	f, err := r.next()
	switch {
	case err != nil:
		return 0, fmt.Errorf("batches %v are not acknowledged: %w", r.Unacknowledged(), err)
	case f == nil:
		return 0, fmt.Errorf("sink closed its socket, batches %v are not acknowledged", r.Unacknowledged())
	case f.Type == frame.Fail:
		return 0, failFrame(f)
	case f.Type != frame.Ack:
		return 0, fmt.Errorf("sink sent a %v frame", f.Type)
	case !r.open[f.Sequence]:
		return 0, fmt.Errorf("sink acknowledged batch %d, which is not open", f.Sequence)
	}
	delete(r.open, f.Sequence)
	return f.Sequence, nil
}

// Unacknowledged returns the sequences of the batches for which Ack has not
// returned an acknowledgement.
func (r *SinkRun) Unacknowledged() []uint64 { return slices.Sorted(maps.Keys(r.open)) }

// Settle waits until all batches are acknowledged.
func (r *SinkRun) Settle() error {
	for len(r.open) > 0 {
		if _, err := r.Ack(); err != nil {
			return err
		}
	}
	return nil
}

// Stop has the sink finish what it was sent, and waits for the acknowledgements.
func (r *SinkRun) Stop() error {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	err := r.stop(ctx)
	if err == nil {
		err = r.Settle()
	}
	r.Kill()
	return err
}

// Transactional says whether the sink stores checkpoints with its records.
func (r *SinkRun) Transactional() bool { return r.transactional }

// Stored returns the checkpoint that a transactional sink returned at Open, nil
// if it has none.
func (r *SinkRun) Stored() *sdk.Checkpoint {
	if r.stored == nil {
		return nil
	}
	p, err := sdk.ParsePosition(r.stored.GetPosition())
	if err != nil {
		r.t.Fatalf("checkpoint of the sink: %v", err)
	}
	return &sdk.Checkpoint{Position: p, State: r.stored.GetState()}
}
