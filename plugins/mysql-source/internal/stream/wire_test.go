package stream

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// wire is a stream from the bytes a server sends to a socket whose other end
// throws away what it reads.
type wire struct {
	net.Conn
	stream   *Stream
	log      *binlogtest.Log
	reader   *binlog.Reader
	sequence byte
	sent     []byte // by the server, and not read yet
}

func newWire(b *testing.B) *wire {
	b.Helper()
	w := &wire{log: begin(), sequence: 1}
	w.log.Format(true)
	w.stream, _ = newStream(b, func(x *Settings) {
		x.Logger = slog.New(slog.DiscardHandler)
		x.Meter, _ = meter.New(prometheus.NewRegistry())
	})
	w.stream.w = openWriter(b)
	w.reader = binlog.NewReader(w, time.Minute, w.stream.rest)
	w.stream.reader = w.reader
	w.read(b, w.packets())
	return w
}

// packets takes what was logged as the server sends it.
func (w *wire) packets() []byte {
	var out []byte
	for _, e := range w.log.Events {
		n := len(e) + 1
		out = append(append(out, byte(n), byte(n>>8), byte(n>>16), w.sequence, 0), e...)
		w.sequence++
	}
	w.log.Events = nil
	return out
}

// read has the stream read what the server sends.
func (w *wire) read(b *testing.B, sent []byte) {
	b.Helper()
	w.sent = sent
	for {
		e, err := w.reader.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = w.stream.handle(e)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// Read gives the stream as much as a server under load would.
func (w *wire) Read(p []byte) (int, error) {
	if len(w.sent) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 32<<10)], w.sent)
	w.sent = w.sent[n:]
	return n, nil
}

func (w *wire) SetReadDeadline(time.Time) error { return nil }

// writing is a source that lets somebody else write.
type writing chan *sdk.Writer

func (writing) Open(context.Context, sdk.Resume) error { return nil }
func (writing) Close(context.Context) error            { return nil }

func (c writing) Read(ctx context.Context, w *sdk.Writer) error {
	c <- w
	<-ctx.Done()
	return nil
}

// openWriter returns a true Writer for one sink, until the benchmark ends.
func openWriter(b *testing.B) *sdk.Writer {
	b.Helper()
	writers := make(writing, 1)
	p := sdk.NewSource(sdk.Info{}, func() struct{} { return struct{}{} },
		func(struct{}, sdk.Env) (sdk.Source, error) { return writers, nil })
	path := filepath.Join(b.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		b.Fatal(err)
	}
	res, err := p.Server().Open(context.Background(), &leatv1.OpenRequest{
		Name: "source", Pipeline: "bench", Config: []byte("{}"), Socket: path, Token: []byte("token"), Sinks: []*leatv1.Sink{{Name: "sink"}},
	})
	if err != nil || res.GetFailure() != nil {
		b.Fatal(err, res.GetFailure())
	}
	conn, err := listener.Accept()
	if err != nil {
		b.Fatal(err)
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, conn) // until it is closed
	}()
	b.Cleanup(func() {
		_, err := p.Server().Stop(context.Background(), &leatv1.StopRequest{})
		if err := errors.Join(err, conn.Close(), listener.Close()); err != nil {
			b.Error(err)
		}
		<-drained
	})
	return <-writers
}
