//go:build e2e

package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
)

// again is how soon rows have to flow once a server is there again.
const again = 5 * time.Second

// transient says whether an error is marked as one that goes away by itself: one
// that is not marked at all ends a pipeline in the end.
func transient(err error) bool { return marked(err) && sdk.IsTransient(err) }

func marked(err error) bool {
	if err == nil {
		return false
	}
	if fmt.Sprintf("%T", err) == "*sdk.classified" {
		return true
	}
	switch e := err.(type) { //nolint:errorlint // it walks the tree
	case interface{ Unwrap() error }:
		return marked(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			if marked(part) {
				return true
			}
		}
	}
	return false
}

// own starts a server that the test may stop.
func own(t *testing.T, start starter, flags ...string) *servers.MySQLServer {
	t.Helper()
	s, err := start(t.Context(), servers.Options{Flags: flags})
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

// watched is a source that runs, and whose health can be asked.
func (b *bench) watched(r *recorder) (*run, *Source) {
	b.Helper()
	b.metrics, b.log = prometheus.NewRegistry(), &logText{}
	source, err := b.source(b.metrics, io.MultiWriter(b.Output(), b.log))
	if err != nil {
		b.Fatal(err)
	}
	s := source.(*Source)
	ctx, cancel := context.WithCancel(context.Background())
	x := &run{recorder: r, cancel: cancel, done: make(chan error, 1), b: b}
	go func() {
		err := s.Open(ctx, r.resume())
		if err == nil {
			err = s.read(ctx, r)
		}
		_ = s.Close(context.WithoutCancel(ctx))
		x.done <- err
	}()
	b.Cleanup(func() { cancel() })
	return x, s
}

// unhealthy waits until the source says that it waits for something.
func (x *run) unhealthy(s *Source, parts ...string) {
	x.b.Helper()
	x.until(func() bool {
		err := s.Health()
		for _, p := range parts {
			if err == nil || !strings.Contains(err.Error(), p) {
				return false
			}
		}
		return true
	})
}

// A server that is away for longer than the waits grow is waited for, and read as
// soon as it is there again; the source says so all the time, and logs little.
func TestSource_outage(t *testing.T) {
	for name, start := range map[string]starter{"MySQL": servers.MySQL, "MariaDB": servers.MariaDB} {
		t.Run(name, func(t *testing.T) {
			server := own(t, start)
			b := benchOn(t, server, "CREATE TABLE a (id INT PRIMARY KEY)")
			r := newRecorder(1)
			x, s := b.watched(r)
			x.reading()
			x.until(func() bool { return s.Health() == nil })
			b.exec("INSERT INTO a VALUES (1)")
			x.expect(0, "c a {1}")

			if err := server.Kill(); err != nil {
				t.Fatal(err)
			}
			x.unhealthy(s, "not connected to MySQL 127.0.0.1:", " for 12s: ", "connection refused")
			if behind := b.gauge("leat_mysql_seconds_behind"); behind < 10 {
				t.Errorf("after an outage of 12 s the source is said to be %v s behind", behind)
			}
			if lines := strings.Count(b.log.String(), "connection to MySQL lost"); lines > 5 {
				t.Errorf("an outage of 12 s is logged by %d lines", lines)
			}
			if err := server.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.exec("INSERT INTO a VALUES (2)")
			since := time.Now()
			x.expect(0, "c a {1}", "c a {2}")
			if took := time.Since(since); took > again {
				t.Errorf("rows flow after %s, want %s at most", took, again)
			} else {
				t.Logf("rows flow after %s", took)
			}
			x.until(func() bool { return s.Health() == nil })
			if n := b.metric("leat_mysql_reconnects_total"); n != 1 {
				t.Errorf("%v lost connections are counted, want 1", n)
			}
			x.stop()
		})
	}
}

// A source that finds no server ends with a failure that the host tries again
// without end.
func TestSource_outageAtStart(t *testing.T) {
	server := own(t, servers.MySQL)
	b := benchOn(t, server, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n")
	p := newProxy(t, server.Port)
	b.config.Port = p.port
	p.to.Store(1) // nobody is there
	if err := b.readAll(t.Context(), newRecorder(1)); !transient(err) {
		t.Errorf("nobody is there: got %v, want a transient failure", err)
	}

	p.to.Store(int64(server.Port))
	source, err := b.source(prometheus.NewRegistry(), b.Output())
	if err != nil {
		t.Fatal(err)
	}
	r := newRecorder(1)
	if err := source.Open(t.Context(), r.resume()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = source.Close(t.Context()) }()
	p.to.Store(1)
	if err := source.(*Source).read(t.Context(), r); !transient(err) {
		t.Errorf("it is gone before the snapshot: got %v, want a transient failure", err)
	}
}

// A snapshot that an outage cuts begins anew, and has all rows then.
func TestSource_outageInSnapshot(t *testing.T) {
	server := own(t, servers.MySQL)
	b := benchOn(t, server, "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(2000))",
		"SET SESSION cte_max_recursion_depth=20000", "INSERT INTO a WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, REPEAT('x', 2000) FROM n")
	r := newRecorder(1)
	r.slow = 200 * time.Microsecond
	x, _ := b.watched(r)
	x.until(func() bool { return len(r.texts(0, 0)) > 100 })
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := x.end(); !transient(err) {
		t.Fatalf("got %v, want a transient failure", err)
	}
	if n := len(r.texts(0, 0)); n >= 20000 {
		t.Fatalf("the snapshot was not cut: %d rows", n)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := len(r.texts(0, 0))
	r.slow = 0
	x = b.start(r)
	x.reading()
	x.until(func() bool { return len(r.texts(0, before)) == 20000 })
	b.exec("INSERT INTO a VALUES (20001, 'y')")
	x.until(func() bool { return len(r.texts(0, before)) == 20001 })
	x.stop()
}

// A source says what its snapshot waits for.
func TestSource_healthOfSnapshot(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	conn, err := b.server.DB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Execute("LOCK TABLES " + b.db + ".a WRITE"); err != nil {
		t.Fatal(err)
	}
	b.config.Snapshot.LockTimeout = 3 * time.Second
	x, s := b.watched(newRecorder(1))
	x.unhealthy(s, "the snapshot waits for the lock")
	if err := x.end(); !transient(err) || !strings.Contains(err.Error(), "snapshot.lock_timeout") {
		t.Errorf("got %v, want a transient failure that names the limit", err)
	}
}

// A replica that lags behind what was read is waited for within the stream.
func TestSource_healthOfLaggingReplica(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	replica := b.replica()
	lagging := *b
	lagging.server = replica
	p := newProxy(t, b.server.Port)
	b.config.Port = p.port
	r := newRecorder(1)
	x, s := b.watched(r)
	x.reading()
	lagging.exec("STOP REPLICA")
	b.exec("INSERT INTO a VALUES (1)")
	x.expect(0, "c a {1}")
	x.until(r.atCommit)

	p.to.Store(int64(replica.Port))
	b.killDumps()
	x.unhealthy(s, "has yet to catch up", "has not executed transactions", "catches up by itself")
	if err := s.Health(); strings.Contains(err.Error(), "exclude") {
		t.Errorf("a replica that lags is answered by a filter: %v", err)
	}
	lagging.exec("START REPLICA")
	b.exec("INSERT INTO a VALUES (2)")
	x.expect(0, "c a {1}", "c a {2}")
	x.until(func() bool { return s.Health() == nil })
	x.stop()
}
