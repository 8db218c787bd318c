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

	"github.com/leat-io/leat/e2e/bigquery"
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
	return sdk.NewSink(sdk.Info{Name: "bigquery-sink"}, DefaultConfig, New).Server()
}

// warehouse starts a stand-in with the dataset shop.
func warehouse(t *testing.T, o bigquery.Options) *bigquery.Server {
	t.Helper()
	s, err := bigquery.Start(context.WithoutCancel(t.Context()), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// settings of a sink that writes to the stand-in; more overrides them.
func settings(s *bigquery.Server, more map[string]any) map[string]any {
	c := map[string]any{
		"project": "p", "dataset": "shop", "create_dataset": true,
		"endpoint": map[string]any{"rest": s.RESTURL, "grpc": s.GRPCAddr, "insecure": true},
	}
	for k, v := range more {
		c[k] = v
	}
	return c
}

// connect starts a sink that writes to the stand-in.
func connect(t *testing.T, s *bigquery.Server, more map[string]any) *host {
	t.Helper()
	h, err := open(t, settings(s, more))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return h
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
	res, err := h.plugin.Open(t.Context(), &leatv1.OpenRequest{Config: raw, Pipeline: "p", Name: "bigquery", Socket: socket})
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
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		h.conn.Close()
		_, _ = h.plugin.Stop(ctx, &leatv1.StopRequest{})
	})
	return h, nil
}

func failure(f *leatv1.Failure) error {
	if f.GetTransient() {
		return sdk.Transient(errors.New(f.GetMessage()))
	}
	return sdk.Permanent(errors.New(f.GetMessage()))
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

// announce makes the schemas of a table known.
func (h *host) announce(t *testing.T, tb *relation) {
	t.Helper()
	for _, s := range []*announced{tb.key, tb.value} {
		if s == nil {
			continue
		}
		f := &frame.Frame{Header: frame.Header{Type: frame.Schema, Sequence: uint64(s.id)}, Payload: s.payload}
		if err := h.writer.Write(f); err != nil {
			t.Fatalf("announce schema: %v", err)
		}
	}
}

// send sends a batch.
func (h *host) send(t *testing.T, p *payload) {
	t.Helper()
	h.next++
	h.open[h.next] = true
	for _, tb := range p.tables {
		h.announce(t, tb)
	}
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

// write sends batches and waits until they are durable.
func (h *host) write(t *testing.T, batches ...*payload) {
	t.Helper()
	for _, p := range batches {
		h.send(t, p)
	}
	if err := h.settle(t); err != nil {
		t.Fatal(err)
	}
}
