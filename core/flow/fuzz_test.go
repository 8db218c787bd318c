package flow_test

import (
	"fmt"
	"testing"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

// FuzzMachine has all stages send and say anything at any time. Three bytes of
// the input are one step. The machine must not panic, it holds each batch until
// it gives it back, once, and it counts what it holds.
func FuzzMachine(f *testing.F) {
	f.Add([]byte{})
	// A sink of a pipeline with a transform has stored what the transform holds.
	f.Add([]byte{1, 1, 1, 6, 2, 0, 2, 1, 1, 4, 1, 0})
	f.Add([]byte{1, 3, 1, 1, 3, 1, 2, 3, 1, 4, 1, 0, 5, 1, 0, 6, 1, 0, 8, 0, 0, 6, 0, 2, 7, 0, 0, 0, 0, 2})
	f.Fuzz(func(t *testing.T, steps []byte) {
		for _, transform := range []bool{false, true} {
			h := &hostile{t: t, transform: transform, held: map[*frame.Frame]bool{}}
			h.machine = flow.NewMachine(transform, []*ledger.Checkpoint{nil, {State: map[string][]byte{}}})
			h.machine.Transactional(0, nil)
			for i := 0; i+2 < len(steps); i += 3 {
				h.step(steps[i], steps[i+1], steps[i+2])
				h.check()
			}
			h.settle()
		}
	})
}

// hostile drives a machine and keeps account of what it holds.
type hostile struct {
	t         *testing.T
	machine   *flow.Machine
	transform bool
	held      map[*frame.Frame]bool // batches it has taken: false once they are back
	next      uint64                // that the source should send
	answered  uint64
}

func (h *hostile) step(what, a, b byte) {
	switch what % 10 {
	case 0: // anything by anybody
		h.send(h.stage(a), frame.Header{Type: frame.Type(b%8 + 1), Sequence: uint64(a >> 4), Sinks: uint64(b >> 5)})
	case 1: // most often the right batch
		h.send(flow.Source, frame.Header{Type: frame.Batch, Sequence: h.next + 1, Sinks: uint64(a % 4), Count: uint32(b % 4)})
	case 2, 3:
		if h.transform {
			h.send(flow.Transform, frame.Header{Type: frame.Batch, Sequence: h.answered + 1, Sinks: uint64(a % 4), Count: uint32(b % 4)})
		}
	case 4, 5:
		h.send(flow.Sink(int(what)%2), ack(uint64(a)))
	case 6:
		stored := &ledger.Checkpoint{Position: fmt.Append(nil, b), State: map[string][]byte{}}
		h.perform(h.machine.Up(h.stage(a), stored))
	case 7:
		h.machine.Resume()
	case 8:
		h.machine.End()
	case 9:
		h.machine.Moved(int(a % 2))
		h.machine.Stored(int(a % 2))
		h.machine.Stats(int(b % 2))
	}
}

func (h *hostile) stage(a byte) flow.Stage {
	if s := flow.Stage(a % 4); s != flow.Transform || h.transform {
		return s
	}
	return flow.Source
}

func (h *hostile) send(from flow.Stage, header frame.Header) {
	f := &frame.Frame{Header: header, Position: fmt.Append(nil, header.Sequence/2)}
	switch f.Type {
	case frame.Schema:
		f.Payload = []byte(`{"row":{}}`)
	case frame.State:
		f.Payload = []byte("\x0a\x05\x0a\x01k\x12\x00")
	default:
		f.Payload = make([]byte, 26) // of two records
	}
	batch := f.Type == frame.Batch && from < flow.FirstSink
	if batch {
		h.held[f] = true
	}
	effects, err := h.machine.Receive(from, f)
	switch {
	case err != nil:
		delete(h.held, f) // it was not taken
	case batch && from == flow.Source:
		h.next = f.Sequence
	case batch:
		h.answered = f.Sequence
	}
	h.perform(effects)
}

func (h *hostile) perform(effects []flow.Effect) {
	for _, e := range effects {
		if e.Release == nil || e.Release.Type != frame.Batch {
			continue
		}
		if given, known := h.held[e.Release]; known && !given {
			h.t.Fatalf("batch %d is given back twice", e.Release.Sequence)
		}
		h.held[e.Release] = false
	}
}

func (h *hostile) check() {
	var held int64
	for f, is := range h.held {
		if is {
			held += int64(f.Size())
		}
	}
	// Changes of state are counted with their batch.
	if got := h.machine.InFlight(); got < held || held == 0 && got != 0 {
		h.t.Fatalf("%d bytes are in flight, the machine holds batches of %d", got, held)
	}
	if h.machine.Full(flow.Transform, held+1) {
		h.t.Fatalf("the transform has to wait, the machine holds batches of %d", held)
	}
	if h.machine.Drained() && held != 0 {
		h.t.Fatalf("drained with %d bytes in flight", held)
	}
}

// settle has the stages do what is left for them; nothing may stay behind.
func (h *hostile) settle() {
	for h.transform && h.answered < h.next {
		before := h.answered
		for sinks := uint64(1); sinks < 4; sinks++ {
			h.send(flow.Transform, frame.Header{Type: frame.Batch, Sequence: h.answered + 1, Sinks: sinks})
			if h.answered > before {
				break
			}
		}
		if h.answered == before {
			h.t.Fatalf("batch %d cannot be answered", before+1)
		}
	}
	for n := range h.next {
		h.send(flow.Sink(0), ack(n+1))
		h.send(flow.Sink(1), ack(n+1))
	}
	h.machine.End()
	h.check()
	if h.machine.Full(flow.Transform, 1) {
		h.t.Fatal("the transform has to wait for nothing")
	}
	if !h.machine.Drained() {
		h.t.Fatal("not drained after all is acknowledged")
	}
}
