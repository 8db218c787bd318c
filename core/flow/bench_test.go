package flow_test

import (
	"testing"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

// BenchmarkMachine takes a batch from the source by the transform to two sinks.
func BenchmarkMachine(b *testing.B) {
	m := flow.NewMachine(true, []*ledger.Checkpoint{{State: map[string][]byte{}}, {State: map[string][]byte{}}})
	payload, position := make([]byte, 200_000), []byte("gtid:1-5")
	h := frame.Header{Type: frame.Batch, Sinks: 3, Count: 1000}
	receive := func(s flow.Stage, f *frame.Frame) {
		if _, err := m.Receive(s, f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		h.Sequence++
		receive(flow.Source, &frame.Frame{Header: h, Position: position, Payload: payload})
		receive(flow.Transform, &frame.Frame{Header: h, Position: position, Payload: payload})
		for i := range 2 {
			receive(flow.Sink(i), &frame.Frame{Header: ack(h.Sequence)})
			m.Moved(i)
		}
	}
}
