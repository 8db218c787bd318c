//go:build e2e

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/sdk"
)

// gate is a recorder that takes no row until it is opened, as a sink that is away.
type gate struct {
	*recorder
	open chan struct{}
	once sync.Once
}

func (g *gate) Change(c *sdk.Change, p sdk.Position) error {
	<-g.open
	return g.recorder.Change(c, p)
}

func (g *gate) release() { g.once.Do(func() { close(g.open) }) }

// watched is a source that runs, and asks its server often.
type watched struct {
	*Source
	*gate
	b *bench
}

// watch starts one where r stands, its gate shut.
func (b *bench) watch(r *recorder) *watched {
	b.Helper()
	b.metrics, b.log = prometheus.NewRegistry(), &logText{}
	made, err := b.source(b.metrics, b.log)
	if err != nil {
		b.Fatal(err)
	}
	w := &watched{Source: made.(*Source), gate: &gate{recorder: r, open: make(chan struct{})}, b: b}
	w.asks = 200 * time.Millisecond
	if err := w.Open(b.Context(), r.resume()); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.read(ctx, w.gate) }()
	b.Cleanup(func() {
		cancel()
		w.release()
		if err := <-done; err != nil {
			b.Error(err)
		}
		if err := w.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return w
}

// until waits for a progress that is as it should be.
func (w *watched) until(what string, is func(p sdk.Progress) bool) sdk.Progress {
	w.b.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		p := w.Progress()
		if is(p) {
			return p
		}
		if time.Now().After(end) {
			w.b.Fatalf("%s: got %+v, behind %v, retention %v\n%s", what, p, value(p.TransactionsBehind), value(p.Retention), w.b.log.String())
		}
	}
}

func value[T any](p *T) any {
	if p == nil {
		return "unknown"
	}
	return *p
}

// gauge returns the value of a metric, -1 if it is absent.
func (b *bench) gauge(name string) float64 {
	b.Helper()
	families, err := b.metrics.Gather()
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	return -1
}

// While a sink takes nothing, the source can read nothing, and tells what the
// server has beyond. Heartbeats make nothing look younger.
func TestSource_behindWhileItIsHeldUp(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			b := kind(t)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			b.inserts(1, 1)
			x.expect(0, "c a {1}")
			x.stop()
			w := b.watch(r)
			byFile := name == "by file"
			reads := func(n uint64) func(p sdk.Progress) bool {
				return func(p sdk.Progress) bool {
					if byFile {
						return p.TransactionsBehind == nil && (b.gauge("leat_mysql_log_bytes_behind") == 0) == (n == 0)
					}
					return p.TransactionsBehind != nil && *p.TransactionsBehind == n
				}
			}
			w.until("nothing to read", reads(0))
			began := time.Now().Add(-2 * time.Second) // the log may have whole seconds only
			b.inserts(2, 50)
			b.exec("FLUSH BINARY LOGS")
			b.inserts(52, 7)
			p := w.until("held up", reads(57))
			if !p.LastRow.IsZero() || len(p.Tables) > 0 {
				t.Errorf("rows that nobody took count as sent: %+v", p)
			}
			if got := b.gauge("leat_mysql_log_bytes_behind"); got < 57*40 {
				t.Errorf("%v bytes behind", got)
			}
			if sink := b.gauge("leat_mysql_sink_transactions_behind"); name == "by GTID" && sink != 57 {
				t.Errorf("the sink is %v transactions behind, want 57", sink)
			}
			w.release()
			p = w.until("all is read", reads(0))
			w.until("bytes", func(sdk.Progress) bool { return b.gauge("leat_mysql_log_bytes_behind") == 0 })
			if p.LastRow.Before(began) || p.LastTransaction.Before(began) || len(p.Tables) != 1 || p.Tables[0].Rows != 57 || p.Tables[0].Table != "a" {
				t.Errorf("got %+v, want 57 rows of a since %v", p, began)
			}
			b.exec("CREATE TABLE b (id INT PRIMARY KEY)") // of another moment, and no row
			later := w.until("a transaction without rows", func(q sdk.Progress) bool {
				return q.LastTransaction.After(p.LastTransaction) || q.LastTransaction.Equal(p.LastTransaction) && name != "by GTID" // in seconds
			})
			time.Sleep(4 * b.config.Heartbeat)
			if now := w.Progress(); !now.LastRow.Equal(p.LastRow) || now.LastTransaction.Before(later.LastTransaction) || now.LastTransaction.After(time.Now().Add(-3*b.config.Heartbeat)) {
				t.Errorf("heartbeats count: got %+v after %+v", now, later)
			}
		})
	}
}

// What a server says of its log, and what it then does, is what is told before.
func TestSource_retention(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			b := kind(t)
			b.exec("SET GLOBAL binlog_expire_logs_seconds = 3000")
			r := newRecorder(1)
			w := b.watch(r)
			w.release()
			b.inserts(1, 1)
			w.until("the sink is at the file being written", func(p sdk.Progress) bool {
				w.durable()
				return p.Retention != nil && *p.Retention == 3000*time.Second && strings.Contains(p.RetentionReason, "is being written; the server keeps a file for 3000 s after its end (binlog_expire_logs_seconds=3000)")
			})
			if got := w.Notices(); len(got) > 0 {
				t.Errorf("a warning while nothing is lacking: %+v", got)
			}
			path, _ := b.logEnd() // which the sink stays in
			for i := range 3 {
				b.inserts(2+i, 1)
				time.Sleep(1100 * time.Millisecond)
				b.exec("FLUSH BINARY LOGS")
			}
			p := w.until("the sink stands still", func(p sdk.Progress) bool {
				return p.Retention != nil && strings.HasPrefix(p.RetentionReason, "sink sink0 needs "+filepath.Base(path)+", begun at ") && strings.Contains(p.RetentionReason, " ended at ")
			})
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if want := time.Until(info.ModTime().Add(3000 * time.Second)); (*p.Retention - want).Abs() > 2*time.Second {
				t.Errorf("%v are left, and the file was written last at %v: want %v", *p.Retention, info.ModTime(), want)
			}
			notices := w.Notices()
			if len(notices) != 1 || notices[0].Sinks[0] != "sink0" || !strings.Contains(notices[0].Message, "within the hour: "+p.RetentionReason) {
				t.Errorf("got %+v", notices)
			}
			b.exec("SET GLOBAL binlog_expire_logs_seconds = 1")
			w.until("any moment", func(p sdk.Progress) bool {
				return p.Retention != nil && *p.Retention == 0 && strings.Contains(p.RetentionReason, "=1)")
			})
			if _, err := os.Stat(path); err != nil {
				t.Errorf("the file has gone before the server looked at it: %v", err)
			}
			b.exec("FLUSH BINARY LOGS") // has the server look at them
			for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
				if _, err := os.Stat(path); err != nil {
					break
				}
			}
			if _, err := os.Stat(path); err == nil {
				t.Log("the server did not delete its files by itself")
				b.purge()
			}
			w.until("gone", func(p sdk.Progress) bool {
				return p.Retention != nil && *p.Retention == 0 && strings.Contains(p.RetentionReason, "is not there any more")
			})
			if got := w.Notices(); len(got) != 1 || !strings.Contains(got[0].Message, "has deleted log that the sink still needs") {
				t.Errorf("got %+v", got)
			}
			for _, line := range []string{"the server will delete log", "the server has deleted log"} {
				if n := strings.Count(b.log.String(), line); n != 1 {
					t.Errorf("the log says %d times %q", n, line)
				}
			}
			w.until("the sink has caught up", func(p sdk.Progress) bool {
				w.durable()
				return len(w.Notices()) == 0
			})
		})
	}
}

// A server that deletes files sooner than its settings say, as managed services do,
// is believed by what it does.
func TestSource_observedRetention(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			b := kind(t)
			b.exec("SET GLOBAL binlog_expire_logs_seconds = 100000")
			r := newRecorder(1)
			w := b.watch(r)
			w.release()
			id := 0
			var files []string
			next := func() {
				id++
				b.inserts(id, 1)
				path, _ := b.logEnd()
				files = append(files, filepath.Base(path))
				b.exec("FLUSH BINARY LOGS")
				time.Sleep(1100 * time.Millisecond)
			}
			next()
			next()
			w.until("by the settings", func(p sdk.Progress) bool {
				w.durable()
				return p.Retention != nil && *p.Retention > 99000*time.Second
			})
			w.until("by what was seen", func(p sdk.Progress) bool {
				next()
				b.exec("PURGE BINARY LOGS TO '" + files[len(files)-2] + "'") // all that have ended two files ago
				w.durable()
				return p.Retention != nil && *p.Retention < time.Minute && strings.Contains(p.RetentionReason, "it was seen to delete them at that age, sooner than binlog_expire_logs_seconds=100000 says")
			})
		})
	}
}

// However wrong the server's guess of the rows is, a snapshot ends at all of them.
func TestSource_snapshotProgress(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY) STATS_AUTO_RECALC=0", "CREATE TABLE b (id INT PRIMARY KEY)",
		"INSERT INTO b VALUES (1), (2), (3)",
		"SET SESSION cte_max_recursion_depth = 5000", "INSERT INTO a WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i FROM n")
	x := b.start(newRecorder(1))
	x.reading()
	x.stop()
	got := map[string]float64{}
	families, err := b.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "leat_mysql_snapshot_") {
			for _, m := range f.GetMetric() {
				got[f.GetName()+" "+m.GetLabel()[len(m.GetLabel())-1].GetValue()] = m.GetGauge().GetValue()
			}
		}
	}
	want := map[string]float64{
		"leat_mysql_snapshot_rows done": 3003, "leat_mysql_snapshot_rows total": 3003,
		"leat_mysql_snapshot_tables done": 2, "leat_mysql_snapshot_tables total": 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(b.log.String(), "tables_done=2 tables=2 done=100%") {
		t.Errorf("the log does not say that all is done:\n%s", b.log.String())
	}
}

// durable tells the source that the sink has made all durable that it was given.
func (w *watched) durable() {
	c := w.resume().Sinks[0].Checkpoint
	if c == nil {
		return
	}
	p := c.Position
	w.Durable([]sdk.SinkPosition{{Name: "sink0", Position: &p}})
}
