//go:build e2e

package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/sdk"
)

// under runs statements as transactions of a server, numbered from a number on.
func (b *bench) under(uuid string, from int, statements ...string) {
	b.Helper()
	var all []string
	for i, s := range statements {
		all = append(all, fmt.Sprintf("SET gtid_next='%s:%d'", uuid, from+i), s)
	}
	b.exec(append(all, "SET gtid_next='AUTOMATIC'")...)
}

// wide takes transactions of a server or leaves them out, in both of the forms that
// a file may say it.
var wide = map[string]func(g *GTID, own, other string, taken bool){
	"include": func(g *GTID, own, other string, taken bool) {
		g.Include = []string{own}
		if taken {
			g.Include = []string{strings.ToUpper(other), own}
		}
	},
	"exclude": func(g *GTID, _, other string, taken bool) {
		g.Exclude = []string{other}
		if taken {
			g.Exclude = nil
		}
	},
}

// otherServer numbers transactions as of a server that no test starts; each test has
// one of its own, as all have one server.
func otherServer(n int) string { return fmt.Sprintf("00000000-1111-2222-3333-4444444%05d", n) }

// taken runs the source until it has taken n rows, and stops it at a commit.
func (b *bench) taken(r *recorder, n int) {
	b.Helper()
	x := b.start(r)
	x.until(func() bool {
		return strings.Contains(b.log.String(), "reading the binary log") && len(r.texts(0, 0)) >= n && r.atCommit()
	})
	x.stop()
	if got := r.texts(0, 0); len(got) != n {
		b.Fatalf("got %q, want %d rows", got, n)
	}
}

// Transactions that were left out are older than what was taken since: taken now,
// they would take rows back to what they were.
func TestSource_widenedServers_older(t *testing.T) {
	number := 0
	for name, set := range wide {
		for _, recorded := range []bool{true, false} {
			number++
			other := otherServer(100 + number)
			t.Run(fmt.Sprintf("%s recorded %v", name, recorded), func(t *testing.T) {
				b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v INT)")
				own := b.ask("SELECT @@server_uuid")
				set(&b.config.GTID, own, other, false)
				r := newRecorder(1)
				b.start(r).stopWhenReading()
				b.exec("INSERT INTO a VALUES (1, 1)")
				b.under(other, 1, "UPDATE a SET v = 2")
				b.exec("UPDATE a SET v = 3", "FLUSH BINARY LOGS")
				b.taken(r, 2)
				b.under(other, 2, "UPDATE a SET v = 4")
				if !recorded {
					delete(r.points[0].State, "gtid") // as of a version that did not write it
				}

				set(&b.config.GTID, own, other, true)
				b.foretold(r, checkCheckpoint, other+" (2)")
				b.foretold(r, checkCheckpoint, other+":1 at ") // it stays so

				set(&b.config.GTID, own, other, false) // one cure
				b.fine(r)
				b.exec("UPDATE a SET v = 5")
				b.taken(r, 3)
				set(&b.config.GTID, own, other, true)
				b.foretold(r, checkCheckpoint, other+":1 at ")

				anew := newRecorder(1) // the other
				x := b.start(anew)
				x.expect(0, "r a {1 5}")
				x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") })
				b.under(other, 3, "UPDATE a SET v = 6")
				x.expect(0, "r a {1 5}", "u a {1 5} {1 6}")
				x.stop()
			})
		}
	}
}

// Transactions that were left out come behind all that was taken: they may be taken
// now, each once.
func TestSource_widenedServers_newer(t *testing.T) {
	number := 0
	for name, set := range wide {
		for _, recorded := range []bool{true, false} {
			number++
			other := otherServer(200 + number)
			t.Run(fmt.Sprintf("%s recorded %v", name, recorded), func(t *testing.T) {
				b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v INT)")
				own := b.ask("SELECT @@server_uuid")
				set(&b.config.GTID, own, other, false)
				r := newRecorder(1)
				b.start(r).stopWhenReading()
				b.exec("INSERT INTO a VALUES (1, 1)", "UPDATE a SET v = 2")
				x := b.start(r)
				x.until(func() bool { return len(r.texts(0, 0)) == 2 && r.atCommit() })
				b.under(other, 1, "UPDATE a SET v = 3", "UPDATE a SET v = 4")
				x.until(func() bool { return b.metric("leat_mysql_ignored_transactions_total") >= 2 })
				x.stop()
				b.taken(r, 2)
				if !recorded {
					delete(r.points[0].State, "gtid")
				}

				set(&b.config.GTID, own, other, true)
				b.fine(r)
				b.taken(r, 4)
				b.exec("UPDATE a SET v = 5")
				b.under(other, 3, "UPDATE a SET v = 6")
				b.taken(r, 6)
				want := "c a {1 1}, u a {1 1} {1 2}, u a {1 2} {1 3}, u a {1 3} {1 4}, u a {1 4} {1 5}, u a {1 5} {1 6}"
				if got := strings.Join(r.texts(0, 0), ", "); got != want {
					t.Errorf("got %s", got)
				}

				set(&b.config.GTID, own, other, false) // and left out again
				b.fine(r)
				b.under(other, 4, "UPDATE a SET v = 7")
				b.exec("UPDATE a SET v = 8")
				b.taken(r, 7)
				set(&b.config.GTID, own, other, true)
				b.foretold(r, checkCheckpoint, other+":4 at ")
			})
		}
	}
}

// Rows of a transaction were taken, though it was not as a whole.
func TestSource_widenedServers_withinTransaction(t *testing.T) {
	other := otherServer(301)
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v INT)")
	own := b.ask("SELECT @@server_uuid")
	b.config.GTID.Include = []string{own}
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	b.exec("INSERT INTO a VALUES (1, 1)")
	b.taken(r, 1)
	b.under(other, 1, "UPDATE a SET v = 2")
	b.exec("BEGIN", "UPDATE a SET v = 3", "INSERT INTO a VALUES (2, 1)", "COMMIT")
	r.limit = 2
	if err := b.readAll(t.Context(), r); err == nil {
		t.Fatal("the source did not stop within the transaction")
	}
	r.limit = 0
	b.config.GTID.Include = append(b.config.GTID.Include, other)
	b.foretold(r, checkCheckpoint, other+":1 at ")
	delete(r.points[0].State, "gtid")
	b.foretold(r, checkCheckpoint, other+":1 at ")
	b.config.GTID.Include = []string{own}
	b.taken(r, 3)
}

// The server that takes over has its own log, and that decides there.
func TestSource_widenedServers_elsewhere(t *testing.T) {
	for name, older := range map[string]bool{"older": true, "newer": false} {
		t.Run(name, func(t *testing.T) {
			other := otherServer(401)
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
			replica := b.replica()
			own := b.ask("SELECT @@server_uuid")
			b.config.GTID.Include = []string{own}
			r := newRecorder(1)
			b.start(r).stopWhenReading()
			second := *b
			second.server, second.config.Port = replica, replica.Port
			b.exec("INSERT INTO a VALUES (1)")
			second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))
			if older {
				second.under(other, 1, "INSERT INTO a VALUES (1001)") // what another channel brings
			}
			b.exec("INSERT INTO a VALUES (2)")
			second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))
			if !older {
				second.under(other, 1, "INSERT INTO a VALUES (1001)")
			}
			b.taken(r, 2)
			b.exec("INSERT INTO a VALUES (3)")
			second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))

			second.config.GTID.Include = []string{own, other}
			if older {
				second.foretold(r, checkCheckpoint, other+":1 at ")
				second.config.GTID.Include = []string{own}
				second.fine(r)
				second.taken(r, 3)
				return
			}
			second.fine(r)
			second.taken(r, 4)
			if got := strings.Join(r.texts(0, 0), ", "); got != "c a {1}, c a {2}, c a {1001}, c a {3}" {
				t.Errorf("got %s", got)
			}
			for _, f := range b.resumeFindings(r) { // the first server lacks it now, and that is no matter of order
				if f.Severity == sdk.Error {
					t.Errorf("found %+v", f)
				}
			}
		})
	}
}

// Another server answers between the start, which was right, and the first row.
func TestSource_widenedServers_failoverAtTheStart(t *testing.T) {
	other := otherServer(501)
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	replica := b.replica()
	second := *b
	second.server, second.config.Port = replica, replica.Port
	own := b.ask("SELECT @@server_uuid")
	p := newProxy(t, b.server.Port)
	b.config.Host, b.config.Port = "127.0.0.1", p.port
	b.config.GTID.Include = []string{own}
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	second.under(other, 1, "INSERT INTO a VALUES (1001)")
	b.exec("INSERT INTO a VALUES (1)")
	b.taken(r, 1)
	second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))

	b.config.GTID.Include = []string{own, other}
	s, err := b.source(prometheus.NewRegistry(), b.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(t.Context()) }()
	if err := s.Open(t.Context(), r.resume()); err != nil {
		t.Fatalf("the first server has nothing to refuse: %v", err)
	}
	p.to.Store(int64(replica.Port))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.(*Source).read(ctx, r); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), other+":1 at ") {
		t.Errorf("got %v, want a permanent error that names the transaction", err)
	}
	if got := r.texts(0, 0); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

// Servers that were taken all along may stand in another order in the log of a server
// that takes over, as where they come by channels of their own.
func TestSource_takenServersInAnotherOrder(t *testing.T) {
	other := otherServer(601)
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	replica := b.replica()
	b.config.GTID.Include = []string{b.ask("SELECT @@server_uuid"), other}
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	second := *b
	second.server, second.config.Port = replica, replica.Port
	second.under(other, 1, "INSERT INTO a VALUES (1001)")
	b.exec("INSERT INTO a VALUES (1)")
	b.taken(r, 1)
	second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))
	second.fine(r)
	second.taken(r, 2)
	if got := strings.Join(r.texts(0, 0), ", "); got != "c a {1}, c a {1001}" {
		t.Errorf("got %s", got)
	}
}
