//go:build e2e

package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
)

// kinds of server whose log may be reset, one each for a test.
var kinds = map[string]func(t *testing.T) *bench{
	"by GTID": func(t *testing.T) *bench { t.Helper(); return resettable(t, servers.MySQL) },
	"by file": func(t *testing.T) *bench {
		t.Helper()
		return resettable(t, servers.MySQL, "--gtid_mode=OFF", "--enforce_gtid_consistency=OFF")
	},
	"MariaDB": func(t *testing.T) *bench { t.Helper(); return resettable(t, servers.MariaDB) },
}

type starter func(context.Context, servers.Options) (*servers.MySQLServer, error)

func resettable(t *testing.T, start starter, flags ...string) *bench {
	t.Helper()
	s, err := start(t.Context(), servers.Options{Flags: append([]string{"--server_id=778"}, flags...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b := benchOn(t, s, "CREATE TABLE a (id INT PRIMARY KEY)")
	b.reset()
	return b
}

func (b *bench) reset() {
	b.Helper()
	if b.ask("SELECT VERSION() LIKE '%MariaDB%'") == "1" {
		b.exec("RESET MASTER")
		return
	}
	b.exec("RESET BINARY LOGS AND GTIDS")
}

// inserts runs n inserts of a row each, from an id on.
func (b *bench) inserts(from, n int) {
	b.Helper()
	statements := make([]string, n)
	for i := range statements {
		statements[i] = fmt.Sprintf("INSERT INTO a VALUES (%d)", from+i)
	}
	b.exec(statements...)
}

// refuses opens the source and expects it to stop before any row.
func (b *bench) refuses(r *recorder) {
	b.Helper()
	before := len(r.records)
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	err := b.readAll(ctx, r)
	if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "another history") {
		b.Errorf("got %v, want a permanent error that says another history answers", err)
	}
	if got := len(r.records); got > before {
		b.Errorf("%d rows were taken from another history", got-before)
	}
}

// A log that was reset while nobody read it has other transactions under the
// numbers and at the places that were read.
func TestSource_anotherHistory(t *testing.T) {
	for name, bench := range kinds {
		t.Run(name, func(t *testing.T) {
			b := bench(t)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			x.stop()
			fresh := newRecorder(1) // of a snapshot alone
			fresh.points[0] = r.points[0]
			time.Sleep(1100 * time.Millisecond) // it knows its file by the second alone
			x = b.start(r)
			b.inserts(1, 44)
			x.until(func() bool { return len(r.texts(0, 0)) == 44 && r.atCommit() })
			x.stop()

			b.exec("DELETE FROM a")
			b.reset()
			b.inserts(1001, 10)
			b.refuses(r)
			b.inserts(1011, 90)
			b.refuses(r)
			b.refuses(fresh)
			b.exec("FLUSH BINARY LOGS", "FLUSH BINARY LOGS", "FLUSH BINARY LOGS")
			b.refuses(r)

			anew := newRecorder(1) // what the cure says
			x = b.start(anew)
			x.until(func() bool { return len(anew.texts(0, 0)) == 100 })
			x.stop()
			if before, after := r.records[0].origin.Epoch, anew.records[0].origin.Epoch; after <= before {
				t.Errorf("the epoch falls from %d to %d once the checkpoint is removed", before, after)
			}
		})
	}
}

// A log that was made anew and was told what had been executed goes on, later than
// all that was before.
func TestSource_logMadeAnew(t *testing.T) {
	b := resettable(t, servers.MySQL)
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec("FLUSH BINARY LOGS", "FLUSH BINARY LOGS")
	b.inserts(1, 3)
	x.until(func() bool { return len(r.texts(0, 0)) == 3 && r.atCommit() })
	x.stop()
	executed := b.ask("SELECT @@GLOBAL.gtid_executed")
	b.exec("RESET BINARY LOGS AND GTIDS", "SET GLOBAL gtid_purged='"+executed+"'")
	b.inserts(4, 2)
	x = b.start(r)
	x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}", "c a {5}")
	x.until(r.atCommit)
	x.stop()
	before, after := r.records[2].origin, r.records[3].origin
	if after.LogNumber >= before.LogNumber || after.Epoch <= before.Epoch {
		t.Errorf("origins are %+v and %+v: want a lower log number in a later epoch", before, after)
	}
	x = b.start(r) // the epoch is kept
	b.inserts(6, 1)
	x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}", "c a {5}", "c a {6}")
	x.stop()
	if last := r.records[5].origin; last.Epoch != after.Epoch {
		t.Errorf("the epoch goes from %d to %d without a reason", after.Epoch, last.Epoch)
	}
}

// While a source is connected, a reset leaves the server's dump thread at a file
// that was deleted.
func TestSource_resetWhileConnected(t *testing.T) {
	t.Run("another history", func(t *testing.T) {
		for name, bench := range kinds {
			t.Run(name, func(t *testing.T) {
				b := bench(t)
				r := newRecorder(1)
				x := b.start(r)
				x.reading()
				b.inserts(1, 3)
				x.expect(0, "c a {1}", "c a {2}", "c a {3}")
				time.Sleep(1100 * time.Millisecond) // MariaDB's log tells no less than a second
				b.reset()
				b.inserts(11, 3)
				err := x.end()
				if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "another history") {
					t.Errorf("got %v, want a permanent error that says another history answers", err)
				}
			})
		}
	})
	t.Run("the same transactions", func(t *testing.T) {
		b := resettable(t, servers.MySQL)
		r := newRecorder(1)
		x := b.start(r)
		x.reading()
		b.exec("FLUSH BINARY LOGS")
		b.inserts(1, 3)
		x.expect(0, "c a {1}", "c a {2}", "c a {3}")
		executed := b.ask("SELECT @@GLOBAL.gtid_executed")
		b.exec("RESET BINARY LOGS AND GTIDS", "SET GLOBAL gtid_purged='"+executed+"'")
		b.inserts(4, 2)
		x.expect(0, "c a {1}", "c a {2}", "c a {3}", "c a {4}", "c a {5}")
		x.stop()
		if before, after := r.records[2].origin, r.records[4].origin; after.Epoch <= before.Epoch {
			t.Errorf("origins are %+v and %+v: want a later epoch", before, after)
		}
	})
}

// A server that rests is left alone: nothing is wrong with its connection.
func TestSource_rest(t *testing.T) {
	for name, bench := range kinds {
		t.Run(name, func(t *testing.T) {
			b := bench(t)
			b.config.Heartbeat = 20 * time.Millisecond
			x := b.start(newRecorder(1))
			x.reading()
			id := func() string {
				return b.ask("SELECT GROUP_CONCAT(id) FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")
			}
			b.inserts(1, 1)
			x.expect(0, "c a {1}")
			before := id()
			time.Sleep(2 * time.Second) // ten questions
			if after := id(); after != before {
				t.Errorf("the connection was made anew: %s, then %s", before, after)
			}
			x.stop()
		})
	}
}
