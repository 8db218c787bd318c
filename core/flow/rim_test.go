package flow_test

import (
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// peer plays one process of a plugin.
type peer struct {
	net.Conn
	link   *flow.Link
	reader *frame.Reader
	writer *frame.Writer
}

func attach(t *testing.T, f *flow.Flow, s flow.Stage) *peer {
	t.Helper()
	here, there := net.Pipe()
	p := &peer{Conn: here, reader: frame.NewReader(here), writer: frame.NewWriter(here)}
	p.link = f.Attach(s, &flow.Conn{Conn: there, Reader: frame.NewReader(there)}, nil)
	t.Cleanup(func() {
		p.link.Close()
		_ = p.link.Wait() // what ended it is asked by the tests that care
	})
	return p
}

func (p *peer) send(t *testing.T, h frame.Header, payload string) {
	t.Helper()
	if err := p.try(h, payload); err != nil {
		t.Fatal(err)
	}
}

func (p *peer) try(h frame.Header, payload string) error {
	_ = p.SetWriteDeadline(time.Now().Add(10 * time.Second))
	return p.writer.Write(&frame.Frame{Header: h, Position: fmt.Append(nil, h.Sequence), Payload: []byte(payload)})
}

func (p *peer) read(t *testing.T) *frame.Frame {
	t.Helper()
	_ = p.SetReadDeadline(time.Now().Add(10 * time.Second))
	f, err := p.reader.Read()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// payload is as long as the least record.
const payload = "a record of 13"

func batch(sequence, sinks uint64) frame.Header {
	return frame.Header{Type: frame.Batch, Sequence: sequence, Sinks: sinks, Count: 1}
}

func ack(sequence uint64) frame.Header { return frame.Header{Type: frame.Ack, Sequence: sequence} }

func oneSink(limit int64) *flow.Flow {
	return flow.New(flow.NewMachine(false, []*ledger.Checkpoint{{}}), limit)
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("in vain waited for: " + what)
		}
	}
}

func TestBackPressure(t *testing.T) {
	t.Parallel()
	t.Run("the source is read again when a sink has acknowledged", func(t *testing.T) {
		t.Parallel()
		f := oneSink(1)
		source, sink := attach(t, f, flow.Source), attach(t, f, flow.Sink(0))
		source.send(t, batch(1, 1), payload)
		eventually(t, "batch 1", func() bool { return f.Stats().InFlight > 0 })
		second := make(chan error, 1)
		go func() { second <- source.try(batch(2, 1), payload) }()
		time.Sleep(20 * time.Millisecond)
		if got := f.Stats().Source.Batches; got != 1 {
			t.Fatalf("%d batches were read beyond the limit", got)
		}
		sink.send(t, ack(sink.read(t).Sequence), "")
		if err := <-second; err != nil {
			t.Fatal(err)
		}
		if got := sink.read(t).Sequence; got != 2 {
			t.Errorf("batch %d came, want 2", got)
		}
	})
	t.Run("a source that is held back can be closed", func(t *testing.T) {
		t.Parallel()
		f := oneSink(1)
		source := attach(t, f, flow.Source)
		source.send(t, batch(1, 1), payload)
		eventually(t, "batch 1", func() bool { return f.Stats().InFlight > 0 })
		source.link.Close()
		if err := source.link.Wait(); err != nil {
			t.Errorf("got %v", err)
		}
	})
}

func TestLinkWaitErrors(t *testing.T) {
	t.Parallel()
	fail, err := proto.Marshal(&leatv1.Failure{Message: "no such table", Kind: leatv1.FailureKind_FAILURE_KIND_TRANSIENT})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		do   func(t *testing.T, p *peer)
		want error
	}{
		"ErrGone":                {func(_ *testing.T, p *peer) { p.Close() }, flow.ErrGone},
		"ErrProtocol":            {func(_ *testing.T, p *peer) { _ = p.try(batch(9, 1), "") }, flow.ErrProtocol},
		"ErrProtocol by garbage": {func(_ *testing.T, p *peer) { _, _ = p.Write(make([]byte, frame.HeaderSize)) }, flow.ErrProtocol},
		"ErrProtocol by a garbled failure": {func(_ *testing.T, p *peer) {
			_ = p.try(frame.Header{Type: frame.Fail}, "\xff")
		}, flow.ErrProtocol},
		"nil after Close": {func(_ *testing.T, p *peer) { p.link.Close() }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := attach(t, oneSink(1<<20), flow.Source)
			tt.do(t, p)
			if err := p.link.Wait(); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
	t.Run("Failure", func(t *testing.T) {
		t.Parallel()
		p := attach(t, oneSink(1<<20), flow.Source)
		_ = p.try(frame.Header{Type: frame.Fail}, string(fail))
		got, ok := errors.AsType[*flow.Failure](p.link.Wait())
		if !ok || got.Message != "no such table" || !got.IsTransient() {
			t.Errorf("got %v", got)
		}
	})
}

func TestDrained(t *testing.T) {
	t.Parallel()
	f := oneSink(1 << 20)
	source, sink := attach(t, f, flow.Source), attach(t, f, flow.Sink(0))
	source.send(t, batch(1, 1), payload)
	source.send(t, frame.Header{Type: frame.End}, "")
	sequence := sink.read(t).Sequence
	select {
	case <-f.Drained():
		t.Fatal("drained before the sink has acknowledged")
	case <-time.After(10 * time.Millisecond):
	}
	sink.send(t, ack(sequence), "")
	select {
	case <-f.Drained():
	case <-time.After(10 * time.Second):
		t.Fatal("not drained")
	}
	f.End() // a second end is no matter
	moved := f.Moved()
	if len(moved) != 1 || len(moved[0]) != 1 || moved[0][0].Sequence != 1 {
		t.Errorf("moved %+v", moved)
	}
	if again := f.Moved(); len(again[0]) != 0 {
		t.Errorf("moved again %+v", again)
	}
}

func TestFirstCheckpoint(t *testing.T) {
	t.Parallel()
	f := flow.New(flow.NewMachine(false, []*ledger.Checkpoint{nil}), 1<<20)
	source, sink := attach(t, f, flow.Source), attach(t, f, flow.Sink(0))
	if !f.Fresh() {
		t.Error("a sink without a checkpoint is not fresh")
	}
	begin := batch(1, 1)
	begin.Count = 0
	source.send(t, begin, payload)
	eventually(t, "the beginning", func() bool { return len(f.Moved()[0]) == 1 })
	go func() { _ = source.try(batch(2, 1), payload) }()
	time.Sleep(20 * time.Millisecond)
	if got := f.Stats().Source.Batches; got != 1 {
		t.Fatalf("%d batches were read before the first checkpoint is stored", got)
	}
	f.Stored(0)
	if got := sink.read(t).Sequence; got != 2 {
		t.Errorf("batch %d came, want 2", got)
	}
	if f.Fresh() {
		t.Error("a sink with a checkpoint is fresh")
	}
}
