package flow_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// changes is a state frame that sets one key to so many bytes.
func changes(t *testing.T, sinks uint64, key string, size int) *frame.Frame {
	t.Helper()
	b, err := proto.Marshal(&leatv1.StateChange{Set: map[string][]byte{key: make([]byte, size)}})
	if err != nil {
		t.Fatal(err)
	}
	return &frame.Frame{Header: frame.Header{Type: frame.State, Sinks: sinks}, Payload: b}
}

func numbered(sequence uint64) *frame.Frame {
	return &frame.Frame{Header: batch(sequence, 1), Payload: []byte(payload)}
}

// until repeats a step until the machine refuses it.
func until(t *testing.T, limit int, step func(n uint64) error) error {
	t.Helper()
	for n := range uint64(limit) {
		if err := step(n + 1); err != nil {
			return err
		}
	}
	t.Fatalf("nothing is refused after %d times", limit)
	return nil
}

func TestWhatASourceHasKeptIsBounded(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	receive := func(m *flow.Machine, from flow.Stage, f *frame.Frame) error {
		_, err := m.Receive(from, f)
		return err
	}
	tests := map[string]struct {
		step func(m *flow.Machine, n uint64) error
		want string
	}{
		"changes of state without a batch": {func(m *flow.Machine, n uint64) error {
			return receive(m, flow.Source, changes(t, 1, "k", 10*mib))
		}, "128 MiB of changes of state"},
		"a state that grows with each batch": {func(m *flow.Machine, n uint64) error {
			return errors.Join(
				receive(m, flow.Source, changes(t, 1, string(rune('a'+n)), 10*mib)),
				receive(m, flow.Source, numbered(n)),
				receive(m, flow.Sink(0), &frame.Frame{Header: ack(n)}),
			)
		}, "source state is too large"},
		"positions": {func(m *flow.Machine, n uint64) error {
			f := numbered(n)
			f.Position = make([]byte, n*mib)
			return receive(m, flow.Source, f)
		}, "position of 2097152 bytes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := flow.NewMachine(false, []*ledger.Checkpoint{{State: map[string][]byte{}}})
			err := until(t, 20, func(n uint64) error { return tt.step(m, n) })
			if !errors.Is(err, flow.ErrProtocol) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestChangesOfStateCountForTheBuffer(t *testing.T) {
	t.Parallel()
	m := flow.NewMachine(false, []*ledger.Checkpoint{{State: map[string][]byte{}}, {State: map[string][]byte{}}})
	for _, f := range []*frame.Frame{changes(t, 3, "k", 1000), {Header: batch(1, 3), Payload: []byte(payload)}} {
		if _, err := m.Receive(flow.Source, f); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.InFlight(); got < 1000 || got > 1500 || !m.Full(flow.Source, 1000) {
		t.Errorf("%d bytes are in flight", got)
	}
	for i := range 2 {
		if _, err := m.Receive(flow.Sink(i), &frame.Frame{Header: ack(1)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.InFlight(); got != 0 || m.Full(flow.Source, 1) {
		t.Errorf("%d bytes are in flight after all", got)
	}
}

// A transform that makes much of little must not fill the host while a sink stands.
func TestATransformIsHeldBack(t *testing.T) {
	t.Parallel()
	f := flow.New(flow.NewMachine(true, []*ledger.Checkpoint{{}}), 1000)
	source, transform, sink := attach(t, f, flow.Source), attach(t, f, flow.Transform), attach(t, f, flow.Sink(0))
	const batches = 10
	for n := range uint64(batches) {
		source.send(t, batch(n+1, 1), payload)
	}
	answers := make(chan error, 1)
	go func() {
		for range batches {
			in, err := transform.reader.Read()
			if err != nil {
				answers <- err
				return
			}
			if err := transform.try(in.Header, strings.Repeat("x", 900)); err != nil {
				answers <- err
				return
			}
		}
		answers <- nil
	}()
	eventually(t, "two answers", func() bool { return f.Stats().Transform.Batches == 2 })
	time.Sleep(20 * time.Millisecond)
	if got := f.Stats().Transform.Batches; got != 2 {
		t.Errorf("%d answers were read beyond the limit", got)
	}
	for range batches {
		sink.send(t, ack(sink.read(t).Sequence), "")
	}
	if err := <-answers; err != nil {
		t.Error(err)
	}
}

func TestTheWordsOfAFailureAreBounded(t *testing.T) {
	t.Parallel()
	b, err := proto.Marshal(&leatv1.Failure{Message: strings.Repeat("x", 1<<20)})
	if err != nil {
		t.Fatal(err)
	}
	p := attach(t, oneSink(1<<20), flow.Source)
	if err := p.try(frame.Header{Type: frame.Fail}, string(b)); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Fatal(err)
	}
	if err := p.link.Wait(); err == nil || len(err.Error()) > 20<<10 {
		t.Errorf("got %d bytes", len(err.Error()))
	}
}
