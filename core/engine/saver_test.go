package engine

import (
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// pipe is a flow from a source to one sink, both played by the test.
type pipe struct {
	flow         *flow.Flow
	source, sink net.Conn
	sent         uint64
}

func newPipe(t *testing.T) *pipe {
	t.Helper()
	p := &pipe{flow: flow.New(flow.NewMachine(false, []*ledger.Checkpoint{{}}), 1<<20)}
	attach := func(s flow.Stage) net.Conn {
		here, there := net.Pipe()
		link := p.flow.Attach(s, &flow.Conn{Conn: there, Reader: frame.NewReader(there)}, nil)
		t.Cleanup(func() {
			link.Close()
			if err := link.Wait(); err != nil {
				t.Error(err)
			}
		})
		return here
	}
	p.source, p.sink = attach(flow.Source), attach(flow.Sink(0))
	return p
}

// move has a change of state and a batch become durable.
func (p *pipe) move(t *testing.T, position, key string) {
	t.Helper()
	state, err := proto.Marshal(&leatv1.StateChange{Set: map[string][]byte{key: []byte("set")}})
	if err != nil {
		t.Fatal(err)
	}
	p.sent++
	w := frame.NewWriter(p.source)
	for _, f := range []*frame.Frame{
		{Header: frame.Header{Type: frame.State, Sinks: 1}, Payload: state},
		{Header: frame.Header{Type: frame.Batch, Sinks: 1, Sequence: p.sent}, Position: []byte(position)},
	} {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := frame.NewReader(p.sink).Read(); err != nil {
		t.Fatal(err)
	}
	ack := frame.Frame{Header: frame.Header{Type: frame.Ack, Sequence: p.sent}}
	if err := frame.NewWriter(p.sink).Write(&ack); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); p.flow.Stats().Sinks[0].Batches < p.sent; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the acknowledgement does not arrive")
		}
	}
}

func TestSaver(t *testing.T) {
	t.Parallel()
	open := func(t *testing.T, dir string) *checkpoint.Store {
		t.Helper()
		store, err := checkpoint.Open(dir, "p", slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	def := &pipeline.Definition{Name: "p", Sinks: []pipeline.NamedStage{{Name: "a"}}}
	load := func(t *testing.T, s *checkpoint.Store) (string, map[string][]byte) {
		t.Helper()
		c := s.Load("a")
		if c == nil {
			t.Fatal("no checkpoint")
		}
		return string(c.Position), c.State
	}
	t.Run("a save that fails does not lose the state before a later position", func(t *testing.T) {
		t.Parallel()
		p, dir := newPipe(t), t.TempDir()
		store := open(t, dir)
		s := newSaver(p.flow, store, def)
		p.move(t, "1", "first")
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.save(); err == nil {
			t.Fatal("saved in a store that is closed")
		}
		p.move(t, "2", "second")
		s.store = open(t, dir)
		defer s.store.Close()
		if err := s.save(); err != nil {
			t.Fatal(err)
		}
		position, state := load(t, s.store)
		want := map[string][]byte{"first": []byte("set"), "second": []byte("set")}
		if diff := cmp.Diff(want, state); position != "2" || diff != "" {
			t.Errorf("position %s, state (-want +got):\n%s", position, diff)
		}
	})
	t.Run("the time of a checkpoint is known", func(t *testing.T) {
		t.Parallel()
		p, store := newPipe(t), open(t, t.TempDir())
		defer store.Close()
		s := newSaver(p.flow, store, def)
		if err := s.save(); err != nil || !s.lastSaved("a").IsZero() {
			t.Errorf("nothing has moved: saved at %v, error %v", s.lastSaved("a"), err)
		}
		p.move(t, "1", "first")
		if err := s.save(); err != nil || s.lastSaved("a").IsZero() {
			t.Errorf("saved at %v, error %v", s.lastSaved("a"), err)
		}
	})
}
