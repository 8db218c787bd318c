package sdktest

import (
	"context"
	"fmt"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// TransformRun is a transform that runs.
type TransformRun struct {
	*host
	known    known
	sent     uint64
	answered uint64
}

// RunTransform opens a transform. The error is what Open reported.
func RunTransform(t TB, p *sdk.Plugin, config any) (*TransformRun, error) {
	t.Helper()
	h, err := open(t, p, config, &leatv1.OpenRequest{Name: "transform"}, queued)
	if err != nil {
		return nil, err
	}
	return &TransformRun{host: h, known: known{}}, nil
}

// Send gives the transform a batch of records.
func (r *TransformRun) Send(records ...Record) {
	r.t.Helper()
	r.sent++
	raw, err := pack(header(r.sent), position(r.sent), records)
	if err != nil {
		r.t.Fatalf("make batch: %v", err)
	}
	r.send(raw)
}

// Answer returns what became of the next batch that was sent. The error is what
// ended the transform, or a breach of the protocol.
func (r *TransformRun) Answer() ([]Record, error) {
	for {
		f, err := r.next()
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, fmt.Errorf("transform closed its socket before it answered batch %d", r.answered+1)
		}
		switch f.Type {
		case frame.Schema:
			err = r.known.add(f)
		case frame.Batch:
			return r.batch(f)
		case frame.Fail:
			err = failFrame(f)
		default:
			err = fmt.Errorf("transform sent a %v frame", f.Type)
		}
		if err != nil {
			return nil, err
		}
	}
}

// Stop has the transform finish and returns the answers that nobody asked for yet.
func (r *TransformRun) Stop() ([][]Record, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), r.timeout)
	defer cancel()
	err := r.stop(ctx)
	var rest [][]Record
	for err == nil && r.answered < r.sent {
		var records []Record
		if records, err = r.Answer(); err == nil {
			rest = append(rest, records)
		}
	}
	r.Kill()
	return rest, err
}

func (r *TransformRun) batch(f *frame.Frame) ([]Record, error) {
	want := header(r.answered + 1)
	if f.Sequence != want.Sequence {
		return nil, fmt.Errorf("transform answered batch %d, want %d", f.Sequence, want.Sequence)
	}
	if f.Sinks != want.Sinks || f.Time != want.Time || string(f.Position) != string(position(f.Sequence)) {
		return nil, fmt.Errorf("transform changed sinks, time or position of batch %d", f.Sequence)
	}
	r.answered++
	records, err := decode(sdk.NewBatch(f, r.known))
	if err == nil && len(records) != int(f.Count) {
		err = fmt.Errorf("batch %d has %d records and says %d", f.Sequence, len(records), f.Count)
	}
	return records, err
}

// header and position are those of the batches that the tools send.
func header(sequence uint64) frame.Header {
	return frame.Header{Sequence: sequence, Sinks: 1, Time: int64(sequence) * 1e6}
}

func position(sequence uint64) []byte {
	b, _ := sdk.Position{Base: fmt.Append(nil, "at ", sequence)}.AppendBinary(nil) // never fails
	return b
}
