//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
)

// crashes runs the source again and again, each time letting it write so many
// records more, until nothing is left.
func (b *bench) crashes(r *recorder, step, total int) {
	b.Helper()
	for n := step; n < total; n += step {
		r.limit = n
		if err := b.readAll(b.Context(), r); !errors.Is(err, errCrash) {
			b.Fatalf("after %d records: %v", n, err)
		}
	}
	r.limit = 0
}

func TestSource_crashAtAnyRecord(t *testing.T) {
	for name, compressed := range map[string]string{"plain": "OFF", "compressed": "ON"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE _not (id INT PRIMARY KEY, t TEXT, d DECIMAL(20,5), j JSON)")
			b.config.Snapshot.Mode = "no_data"
			r := newRecorder(1)
			b.start(r).stopWhenReading()
			var want []string
			statements := []string{"SET SESSION binlog_transaction_compression=" + compressed}
			for i := range 20 {
				statements = append(statements, "BEGIN",
					fmt.Sprintf("INSERT INTO a VALUES (%d), (%d)", 10*i, 10*i+1),
					fmt.Sprintf(`INSERT INTO _not VALUES (%d, REPEAT('x', 300), -1.5, '{"a": [1, 2]}'), (%d, NULL, NULL, NULL)`, 2*i, 2*i+1),
					fmt.Sprintf("INSERT INTO a VALUES (%d)", 10*i+2), "COMMIT")
				want = append(want, fmt.Sprintf("c a {%d}", 10*i), fmt.Sprintf("c a {%d}", 10*i+1), fmt.Sprintf("c a {%d}", 10*i+2))
			}
			b.exec(statements...)
			b.crashes(r, 4, len(want))
			x := b.start(r)
			x.expect(0, want...)
			x.stop()
			if !slices.IsSortedFunc(r.records, func(a, b record) int {
				return strings.Compare(orderOf(a), orderOf(b))
			}) {
				t.Error("the order of offset and row does not rise")
			}
		})
	}
}

func orderOf(r record) string {
	return fmt.Sprintf("%020d %020d %020d %020d", r.origin.Epoch, r.origin.LogNumber, r.change.Offset, r.change.Row)
}

// reading waits until the snapshot is over.
func (x *run) reading() {
	x.b.Helper()
	x.until(func() bool {
		c := x.resume().Sinks[0].Checkpoint
		return c != nil && !strings.Contains(string(c.Position.Base), "snapshot")
	})
}

// stopWhenReading ends a source once it has a checkpoint.
func (x *run) stopWhenReading() {
	x.b.Helper()
	x.reading()
	x.stop()
}

func TestSource_crashInSnapshot(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1), (2), (3)")
	r := newRecorder(1)
	r.limit = 2
	if err := b.readAll(t.Context(), r); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	if got := string(r.points[0].Position.Base); !strings.Contains(got, `"snapshot":true`) || !strings.Contains(got, `"file"`) {
		t.Errorf("position in the snapshot does not say where that began: %s", got)
	}
	r.limit = 0
	b.exec("DELETE FROM a WHERE id = 1")
	x := b.start(r)
	// Row 1 was sent and is gone: its delete comes too.
	x.expect(0, "r a {1}", "r a {2}", "r a {2}", "r a {3}", "d a {1}")
	b.exec("INSERT INTO a VALUES (4)")
	x.expect(0, "r a {1}", "r a {2}", "r a {2}", "r a {3}", "d a {1}", "c a {4}")
	x.stop()
}

// Each sink resumes for itself: one in mid-transaction, one ahead, one new.
func TestSource_sinksApart(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (0)")
	two := newRecorder(2)
	b.start(two).stopWhenReading()
	b.exec("INSERT INTO a VALUES (1), (2), (3)", "INSERT INTO a VALUES (4)")
	// The second sink alone comes as far as row 2, then as the first alone.
	ahead := newRecorder(1)
	ahead.points[0] = two.points[1]
	ahead.limit = 2
	if err := b.readAll(t.Context(), ahead); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	three := newRecorder(3)
	three.points[0], three.points[1] = two.points[0], ahead.points[0]
	x := b.start(three)
	x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}")
	x.expect(1, "c a {3}", "c a {4}")
	b.exec("INSERT INTO a VALUES (5)")
	x.expect(2, "r a {0}", "r a {1}", "r a {2}", "r a {3}", "r a {4}", "c a {5}")
	x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}", "c a {5}")
	x.expect(1, "c a {3}", "c a {4}", "c a {5}")
	x.stop()
}

func TestSource_lostConnection(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	var want []string
	for i := range 10 {
		b.exec(fmt.Sprintf("INSERT INTO a VALUES (%d), (%d)", 2*i, 2*i+1))
		want = append(want, fmt.Sprintf("c a {%d}", 2*i), fmt.Sprintf("c a {%d}", 2*i+1))
		x.expect(0, want...)
		if i%3 == 0 {
			b.killDumps()
		}
	}
	x.stop()
}

// killDumps ends the connections of the bench's source.
func (b *bench) killDumps() {
	b.Helper()
	conn, err := b.server.DB(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	r, err := conn.Execute("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")
	if err != nil {
		b.Fatal(err)
	}
	for i := range r.RowNumber() {
		id, err := r.GetInt(i, 0)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = conn.Execute(fmt.Sprintf("KILL %d", id)) // it may be gone
	}
}

func TestSource_newLogFile(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec("INSERT INTO a VALUES (1)", "FLUSH BINARY LOGS", "INSERT INTO a VALUES (2)", "FLUSH BINARY LOGS", "INSERT INTO a VALUES (3)")
	x.expect(0, "c a {1}", "c a {2}", "c a {3}")
	x.stop()
	if first, last := r.records[0].origin.LogNumber, r.records[2].origin.LogNumber; last != first+2 {
		t.Errorf("log numbers go from %d to %d, want two more", first, last)
	}
}

func TestSource_taggedTransactions(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec("SET SESSION gtid_next='AUTOMATIC:blue'", "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)")
	x.expect(0, "c a {1}", "c a {2}")
	x.until(func() bool { return r.atCommit() })
	x.stop()
	if got := r.records[1].origin.Transaction; !strings.Contains(got, ":blue:") {
		t.Errorf("transaction is %q, want its tag", got)
	}
	b.exec("INSERT INTO a VALUES (3)")
	x = b.start(r)
	x.expect(0, "c a {1}", "c a {2}", "c a {3}")
	x.stop()
}

// atCommit says whether the checkpoint stands behind a whole transaction.
func (r *recorder) atCommit() bool {
	c := r.resume().Sinks[0].Checkpoint
	return c != nil && c.Position.Skip == 0
}

func TestSource_purgedLog(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	b.exec("INSERT INTO a VALUES (1)", "FLUSH BINARY LOGS", "INSERT INTO a VALUES (2)")
	b.purge()
	err := b.readAll(context.Background(), r)
	if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "purged") {
		t.Errorf("got %v, want a permanent error that names the gap", err)
	}
	if got := r.texts(0, 0); len(got) > 0 {
		t.Errorf("rows were written over the gap: %v", got)
	}
}

// purge removes all log files but the current one. MariaDB keeps them in silence
// while a connection that has just ended may still read them.
func (b *bench) purge() {
	b.Helper()
	conn, err := b.server.DB(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	r, err := conn.Execute("SHOW BINARY LOGS")
	if err != nil {
		b.Fatal(err)
	}
	last, err := r.GetString(r.RowNumber()-1, 0)
	if err != nil {
		b.Fatal(err)
	}
	for end := time.Now().Add(patience); b.ask("SHOW BINARY LOGS") != last; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatal("the log is not purged")
		}
		b.exec("PURGE BINARY LOGS TO '" + last + "'")
	}
}
