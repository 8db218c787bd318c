package flow

import (
	"net"
	"testing"
	"time"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

// A machine that has panicked half-way is not believed any more.
func TestAPanicOfTheMachineBreaksTheFlow(t *testing.T) {
	t.Parallel()
	f := New(NewMachine(false, []*ledger.Checkpoint{{}}), 1<<20)
	here, there := net.Pipe()
	defer here.Close()
	source := f.Attach(Source, &Conn{Conn: there, Reader: frame.NewReader(there)}, nil)
	f.machine.sinks[0].ledger = nil
	_ = here.SetWriteDeadline(time.Now().Add(10 * time.Second))
	h := frame.Header{Type: frame.Batch, Sequence: 1, Sinks: 1, Count: 1}
	if err := frame.NewWriter(here).Write(&frame.Frame{Header: h, Position: []byte("p"), Payload: make([]byte, 64)}); err != nil {
		t.Fatal(err)
	}
	first := source.Wait()
	if !contain.Is(first) {
		t.Fatalf("the link ends with %v", first)
	}
	f.machine.sinks[0].moved = []ledger.Entry{{Sequence: 1, Position: []byte("p")}}
	for name, use := range map[string]func(){
		"Moved":  func() { f.Moved() },
		"End":    f.End,
		"Resume": func() { f.Resume() },
		"Attach": func() { f.Attach(Sink(0), &Conn{Conn: there, Reader: frame.NewReader(there)}, nil) },
	} {
		if err := contain.Call(func() error { use(); return nil }); err != first { //nolint:errorlint // the very same
			t.Errorf("%s: got %v", name, err)
		}
	}
	select {
	case <-f.Drained():
		t.Error("it counts as drained")
	default:
	}
}

func TestAPanicOfALoopEndsTheLink(t *testing.T) {
	t.Parallel()
	f := New(NewMachine(false, []*ledger.Checkpoint{{}}), 1<<20)
	here, there := net.Pipe()
	defer here.Close()
	l := newLink(f, Source, &Conn{Conn: there, Reader: nil}) // to read from nothing panics
	l.start()
	if err := l.Wait(); !contain.Is(err) {
		t.Errorf("got %v", err)
	}
}
