package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// host runs the plugin in the test's process and speaks both planes with it.
type host struct {
	plugin leatv1.PluginServiceServer
	conn   net.Conn
	reader *frame.Reader
	writer *frame.Writer
	next   uint64
	open   map[uint64]bool // batches not acknowledged
}

func newPlugin() leatv1.PluginServiceServer {
	return sdk.NewSink(info, DefaultConfig, New).Server()
}

// open starts the sink with a configuration.
func open(t *testing.T, config map[string]any) (*host, error) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	raw, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	h := &host{plugin: newPlugin(), open: map[uint64]bool{}}
	res, err := h.plugin.Open(t.Context(), &leatv1.OpenRequest{Config: raw, Pipeline: "p", Name: "kafka", Socket: socket})
	if err != nil {
		t.Fatal(err)
	}
	if f := res.GetFailure(); f != nil {
		return nil, failure(f)
	}
	if h.conn, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	h.reader, h.writer = frame.NewReader(h.conn), frame.NewWriter(h.conn)
	if f := h.read(t); f.Type != frame.Hello {
		t.Fatalf("got a %v frame, want hello", f.Type)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		h.conn.Close()
		_, _ = h.plugin.Stop(ctx, &leatv1.StopRequest{})
	})
	return h, nil
}

func failure(f *leatv1.Failure) error {
	err := errors.New(f.GetMessage())
	switch f.GetKind() {
	case leatv1.FailureKind_FAILURE_KIND_PERMANENT:
		return sdk.Permanent(err)
	case leatv1.FailureKind_FAILURE_KIND_SUPERSEDED:
		return sdk.Superseded(err)
	}
	return sdk.Transient(err)
}

func (h *host) read(t *testing.T) *frame.Frame {
	t.Helper()
	_ = h.conn.SetReadDeadline(time.Now().Add(time.Minute))
	f, err := h.reader.Read()
	if err != nil {
		t.Fatalf("read from the plugin: %v", err)
	}
	return f
}

// send sends a batch.
func (h *host) send(t *testing.T, p *payload) {
	t.Helper()
	h.next++
	h.open[h.next] = true
	err := h.writer.Write(&frame.Frame{
		Header:  frame.Header{Type: frame.Batch, Sequence: h.next, Count: p.count},
		Payload: p.buf,
	})
	if err != nil {
		t.Fatalf("send batch: %v", err)
	}
}

// settle waits until all batches are acknowledged, or one has failed.
func (h *host) settle(t *testing.T) error {
	t.Helper()
	for len(h.open) > 0 {
		f := h.read(t)
		switch f.Type {
		case frame.Ack:
			if !h.open[f.Sequence] {
				t.Fatalf("batch %d is acknowledged twice", f.Sequence)
			}
			delete(h.open, f.Sequence)
		case frame.Fail:
			var why leatv1.Failure
			if err := proto.Unmarshal(f.Payload, &why); err != nil {
				t.Fatal(err)
			}
			return failure(&why)
		default:
			t.Fatalf("got a %v frame", f.Type)
		}
	}
	return nil
}
