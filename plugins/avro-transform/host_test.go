package main

import (
	"context"
	"encoding/json"
	"net"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// plugin is one that runs in this process, with the test in the place of the host.
type plugin struct {
	server leatv1.PluginServiceServer
	conn   net.Conn
	reader *frame.Reader
	writer *frame.Writer
}

// start opens a plugin as the host does.
func start(t testing.TB, p *sdk.Plugin, cfg any) *plugin {
	t.Helper()
	raw, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			close(accepted)
			return
		}
		accepted <- c
	}()
	res, err := p.Server().Open(t.Context(), &leatv1.OpenRequest{
		Config: raw, Pipeline: "test", Name: "transform", Socket: socket, Token: []byte("token"),
		Sinks: []*leatv1.Sink{{Name: "sink"}}, NextSequence: 1,
	})
	if err != nil || res.GetFailure() != nil {
		t.Fatalf("open: %v %v", err, res.GetFailure())
	}
	conn, ok := <-accepted
	if !ok {
		t.Fatal("plugin did not connect")
	}
	h := &plugin{server: p.Server(), conn: conn, reader: frame.NewReader(conn), writer: frame.NewWriter(conn)}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := h.server.Stop(ctx, &leatv1.StopRequest{}); err != nil {
			t.Errorf("stop: %v", err)
		}
		conn.Close()
	})
	if f := h.read(t); f.Type != frame.Hello || string(f.Payload) != "token" {
		t.Fatalf("got %v %q", f.Type, f.Payload)
	}
	return h
}

func (p *plugin) read(t testing.TB) *frame.Frame {
	t.Helper()
	if err := p.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	f, err := p.reader.Read()
	if err != nil {
		t.Fatalf("read frame: %v", err)
	}
	return f
}

// script is a source that writes what a test says.
type script struct {
	run func(w *sdk.Writer) error
}

func (s *script) Open(context.Context, sdk.Resume) error { return nil }
func (s *script) Close(context.Context) error            { return nil }
func (s *script) Read(ctx context.Context, w *sdk.Writer) error {
	if err := s.run(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

type noConfig struct{}

func scripted(run func(w *sdk.Writer) error) *sdk.Plugin {
	return sdk.NewSource(sdk.Info{Name: "script"}, func() noConfig { return noConfig{} },
		func(noConfig, sdk.Env) (sdk.Source, error) { return &script{run: run}, nil })
}

// received is a message that left the transform.
type received struct {
	sdk.Message
	Target sdk.Target
}

// result is what a run of frames brought.
type result struct {
	messages []received
	schemas  map[sdk.SchemaID]*sdk.MessageSchema
	failure  *leatv1.Failure
}

// pipe runs a source's script through the transform until it has answered so
// many batches, or failed.
func pipe(t *testing.T, transform *plugin, run func(w *sdk.Writer) error) result {
	t.Helper()
	source := start(t, scripted(run), map[string]any{})
	r := result{schemas: map[sdk.SchemaID]*sdk.MessageSchema{}}
	for {
		f := source.read(t)
		if err := transform.writer.Write(f); err != nil {
			t.Fatal(err)
		}
		switch f.Type {
		case frame.Batch:
			r.answer(t, transform, f)
			return r
		case frame.Fail:
			t.Fatalf("source failed: %q", f.Payload)
		}
	}
}

// answer reads frames up to the answer to one batch.
func (r *result) answer(t testing.TB, transform *plugin, in *frame.Frame) {
	t.Helper()
	for {
		f := transform.read(t)
		switch f.Type {
		case frame.Schema:
			s, err := sdk.ParseSchema(f.Payload)
			if err != nil {
				t.Fatal(err)
			}
			r.schemas[sdk.SchemaID(f.Sequence)] = s.Message
		case frame.Fail:
			r.failure = new(leatv1.Failure)
			if err := proto.Unmarshal(f.Payload, r.failure); err != nil {
				t.Fatal(err)
			}
			return
		case frame.Batch:
			if f.Sequence != in.Sequence || string(f.Position) != string(in.Position) {
				t.Fatalf("answer to batch %d at %q: %d at %q", in.Sequence, in.Position, f.Sequence, f.Position)
			}
			r.collect(t, f)
			return
		}
	}
}

func (r *result) collect(t testing.TB, f *frame.Frame) {
	t.Helper()
	it := sdk.NewRecords(f.Payload)
	for it.Next() {
		m := it.Message()
		if m == nil {
			t.Fatal("record is no message")
		}
		got := received{Message: *m, Target: *it.Target()}
		got.Headers = append(append([]sdk.Header{}, it.Target().Headers...), m.Headers...)
		r.messages = append(r.messages, got)
	}
	if err := it.Err(); err != nil {
		t.Fatal(err)
	}
}
