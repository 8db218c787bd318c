package flow_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
)

const storm = 3000 // batches

// TestStorm has all stages at work at once while transform and sinks lose their
// connections at random, and looks at what each sink has seen.
func TestStorm(t *testing.T) {
	t.Parallel()
	f := flow.New(flow.NewMachine(true, []*ledger.Checkpoint{{}, {}}), 4<<10)
	var wg sync.WaitGroup
	for i, work := range map[flow.Stage]func(p *peer, seen *uint64) error{
		flow.Transform: answerOne, flow.Sink(0): ackOne, flow.Sink(1): ackOne,
	} {
		wg.Go(func() { unsteady(t, f, i, work) })
	}
	wg.Go(func() { // somebody looks on
		for !isDrained(f) {
			f.Stats()
			f.Moved()
			time.Sleep(time.Millisecond)
		}
	})
	source := attach(t, f, flow.Source)
	for n := uint64(1); n <= storm; n++ {
		source.send(t, batch(n, n%3+1), "some payload of 20 B")
	}
	source.send(t, frame.Header{Type: frame.End}, "")
	select {
	case <-f.Drained():
	case <-time.After(30 * time.Second):
		t.Error("not drained")
		f.End()
	}
	wg.Wait()
	if got := f.Stats().InFlight; got != 0 {
		t.Errorf("%d bytes are in flight after all", got)
	}
}

func isDrained(f *flow.Flow) bool {
	select {
	case <-f.Drained():
		return true
	default:
		return false
	}
}

// unsteady runs a stage whose processes end at random.
func unsteady(t *testing.T, f *flow.Flow, s flow.Stage, work func(p *peer, seen *uint64) error) {
	for deadline := time.Now().Add(40 * time.Second); !isDrained(f) && time.Now().Before(deadline); {
		p := attach(t, f, s)
		var seen uint64
		for n := 50 + rand.IntN(200); n > 0; n-- {
			_ = p.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			if err := work(p, &seen); err != nil {
				break
			}
		}
		p.Close()
		if err := p.link.Wait(); !errors.Is(err, flow.ErrGone) {
			t.Errorf("stage %d: %v", s, err)
			return
		}
	}
}

var errOrder = errors.New("batches do not rise")

// next reads a batch; within a connection their numbers must rise.
func next(p *peer, seen *uint64) (*frame.Frame, error) {
	f, err := p.reader.Read()
	if err != nil {
		return nil, err
	}
	if f.Type != frame.Batch || f.Sequence <= *seen || string(f.Payload) != "some payload of 20 B" {
		panic(errOrder)
	}
	*seen = f.Sequence
	return f, nil
}

func answerOne(p *peer, seen *uint64) error {
	f, err := next(p, seen)
	if err != nil {
		return err
	}
	defer f.Release()
	return p.writer.Write(f)
}

func ackOne(p *peer, seen *uint64) error {
	f, err := next(p, seen)
	if err != nil {
		return err
	}
	h := ack(f.Sequence)
	f.Release()
	if rand.IntN(100) == 0 {
		return io.EOF // it ends with a batch that it has not acknowledged
	}
	return p.try(h, "")
}
