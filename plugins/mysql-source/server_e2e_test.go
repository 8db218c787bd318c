//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// patience bounds each wait in these tests.
const patience = 60 * time.Second

var shared = sync.OnceValues(func() (*servers.MySQLServer, error) {
	return servers.MySQL(context.Background(), servers.Options{})
})

// bench is a database of its own on a real server.
type bench struct {
	*testing.T
	server *servers.MySQLServer
	db     string
	config Config
	// other is another server, and away a file that was moved, for what a test does later.
	other *servers.MySQLServer
	away  string
	// metrics and log of the last source that was started.
	metrics *prometheus.Registry
	log     *logText
}

// logText keeps what is logged.
type logText struct {
	mu   sync.Mutex
	text strings.Builder
}

// String returns it.
func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Write adds to it.
func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// metric returns the sum of a counter's values.
func (b *bench) metric(name string) float64 {
	b.Helper()
	families, err := b.metrics.Gather()
	if err != nil {
		b.Fatal(err)
	}
	sum := 0.0
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.GetMetric() {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}

func newBench(t *testing.T, tables ...string) *bench {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return benchOn(t, server, tables...)
}

func benchOn(t *testing.T, server *servers.MySQLServer, tables ...string) *bench {
	t.Helper()
	b := &bench{T: t, server: server, db: "leat_" + strings.ToLower(strings.NewReplacer("/", "_", "-", "_").Replace(t.Name()))}
	b.db = b.db[:min(len(b.db), 60)]
	b.config = DefaultConfig()
	b.config.Host, b.config.Port = server.Host, server.Port
	b.config.User, b.config.Password = config.NewText(server.CaptureUser), config.NewSecret(server.CapturePassword)
	b.config.TLS.Mode = "disabled"
	b.config.Include.Tables = []string{b.db + `\.[^_].*`}
	b.config.Heartbeat = 200 * time.Millisecond
	b.exec("DROP DATABASE IF EXISTS "+b.db, "CREATE DATABASE "+b.db)
	t.Cleanup(func() { b.exec("DROP DATABASE IF EXISTS " + b.db) })
	b.exec(tables...)
	return b
}

// exec runs statements in the bench's database on one session.
func (b *bench) exec(statements ...string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := b.server.DB(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.Execute("USE " + b.db)
	for _, s := range statements {
		if _, err := conn.Execute(s); err != nil {
			b.Fatalf("%s: %v", s, err)
		}
	}
}

// run is a source that runs.
type run struct {
	*recorder
	cancel context.CancelFunc
	done   chan error
	b      *bench
}

// start opens a source where r stands and lets it run.
func (b *bench) start(r *recorder) *run {
	b.Helper()
	b.metrics, b.log = prometheus.NewRegistry(), &logText{}
	metrics, output := b.metrics, io.MultiWriter(b.Output(), b.log)
	ctx, cancel := context.WithCancel(context.Background())
	x := &run{recorder: r, cancel: cancel, done: make(chan error, 1), b: b}
	go func() { x.done <- b.read(ctx, r, metrics, output) }()
	b.Cleanup(func() { cancel() })
	return x
}

// readAll runs a source until it ends, or nil long after it should have.
func (b *bench) readAll(ctx context.Context, r *recorder) error {
	ctx, cancel := context.WithTimeout(ctx, 3*patience)
	defer cancel()
	return b.read(ctx, r, prometheus.NewRegistry(), b.Output())
}

func (b *bench) read(ctx context.Context, r *recorder, metrics *prometheus.Registry, output io.Writer) error {
	s, err := b.source(metrics, output)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(ctx) }()
	if err := s.Open(ctx, r.resume()); err != nil {
		return err
	}
	return s.(*Source).read(ctx, r)
}

func (b *bench) source(metrics *prometheus.Registry, output io.Writer) (sdk.Source, error) {
	return New(b.config, sdk.Env{
		Pipeline: b.db, Name: "source", Metrics: metrics,
		Logger: slog.New(slog.NewTextHandler(output, nil)),
	})
}

// stop ends the source and returns its error.
func (x *run) stop() {
	x.b.Helper()
	x.cancel()
	if err := x.end(); err != nil {
		x.b.Fatalf("source ended with %v", err)
	}
}

func (x *run) end() error {
	x.b.Helper()
	select {
	case err := <-x.done:
		return err
	case <-time.After(patience):
		return errors.New("the source does not end")
	}
}

// expect waits for the records of a sink and compares all of them.
func (x *run) expect(sink int, want ...string) {
	x.b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stop := make(chan struct{})
	go func() {
		select {
		case err := <-x.done:
			x.done <- err
			cancel()
		case <-stop:
		}
	}()
	got := x.wait(ctx, sink, len(want))
	close(stop)
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		x.b.Fatalf("sink %d got\n%s\nwant\n%s\nended: %v", sink, g, w, x.ended())
	}
}

func (x *run) ended() string {
	select {
	case err := <-x.done:
		x.done <- err
		return fmt.Sprint(err)
	default:
		return "no"
	}
}

// until waits for something to become true.
func (x *run) until(ok func() bool) {
	x.b.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) || x.ended() != "no" {
			x.b.Fatalf("it does not come true; ended: %s", x.ended())
		}
	}
}
