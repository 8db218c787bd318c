//go:build e2e

package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
)

// modes are the steps from a server without GTIDs to one with them, as the manual
// has them.
var modes = []string{
	"SET GLOBAL enforce_gtid_consistency=WARN", "SET GLOBAL enforce_gtid_consistency=ON",
	"SET GLOBAL gtid_mode=OFF_PERMISSIVE", "SET GLOBAL gtid_mode=ON_PERMISSIVE", "SET GLOBAL gtid_mode=ON",
}

func (b *bench) noGTIDs() *servers.MySQLServer {
	b.Helper()
	return own(b.T, servers.MySQL, "--gtid_mode=OFF", "--enforce_gtid_consistency=OFF")
}

// byGTID says whether the checkpoint has GTIDs.
func (r *recorder) byGTID() bool {
	c := r.resume().Sinks[0].Checkpoint
	return c != nil && strings.Contains(string(c.Position.Base), `"gtid"`)
}

// rowsOnce expects each id from 1 to n once, in order.
func (x *run) rowsOnce(n int) {
	x.b.Helper()
	want := make([]string, n)
	for i := range want {
		want[i] = fmt.Sprintf("c a {%d}", i+1)
	}
	x.expect(0, want...)
}

// A pipeline begun by file and offset goes by GTIDs once its server does, while it
// runs, at rest or under load, and while it stands; then a replica takes over.
func TestSource_fileToGTID(t *testing.T) {
	tests := map[string]func(t *testing.T, b *bench, r *recorder) int{ // it returns how many rows there are
		"at rest": func(t *testing.T, b *bench, r *recorder) int {
			x := b.start(r)
			n := 0
			for _, mode := range modes {
				b.exec(mode)
				n++
				b.inserts(n, 1)
				x.rowsOnce(n)
			}
			x.until(func() bool { return r.byGTID() })
			b.killDumps()
			b.inserts(n+1, 1)
			x.rowsOnce(n + 1)
			x.stop()
			return n + 1
		},
		"under load": func(t *testing.T, b *bench, r *recorder) int {
			x := b.start(r)
			x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") })
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan int, 1)
			go func() { done <- b.writeIDs(ctx) }()
			for _, mode := range modes {
				b.exec(mode)
				time.Sleep(300 * time.Millisecond)
			}
			b.exec("FLUSH BINARY LOGS")
			x.until(func() bool { return r.byGTID() })
			b.killDumps()
			time.Sleep(300 * time.Millisecond)
			cancel()
			n := <-done
			x.rowsOnce(n)
			x.until(r.atCommit)
			x.stop()
			return n
		},
		"while it stands": func(t *testing.T, b *bench, r *recorder) int {
			b.inserts(1, 1)
			for i, mode := range modes {
				b.exec(mode)
				b.inserts(2+i, 1)
			}
			x, s := b.watched(r) // what it has not read has no GTIDs, and is not sent any more
			x.unhealthy(s, "SET GLOBAL gtid_mode=ON_PERMISSIVE")
			b.exec("SET GLOBAL gtid_mode=ON_PERMISSIVE") // what that says
			x.rowsOnce(len(modes) + 1)
			b.exec("SET GLOBAL gtid_mode=ON")
			x.until(func() bool { return r.byGTID() && s.Health() == nil })
			x.stop()
			return len(modes) + 1
		},
	}
	for name, move := range tests {
		t.Run(name, func(t *testing.T) {
			b := &bench{T: t}
			b = benchOn(t, b.noGTIDs(), "CREATE TABLE a (id INT PRIMARY KEY)")
			r := newRecorder(1)
			b.start(r).stopWhenReading()
			if r.byGTID() {
				t.Fatal("the pipeline begins by GTID")
			}
			n := move(t, b, r)
			set := r.points[0].Position.Base
			if executed := strings.ReplaceAll(b.ask("SELECT @@GLOBAL.gtid_executed"), "\n", ""); !strings.Contains(string(set), `"gtid":"`+executed+`"`) {
				t.Errorf("position is %s, and executed is %s", set, executed)
			}

			second := *b
			second.server = b.replicaWith(n)
			second.config.Port = second.server.Port
			second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))
			x := second.start(r)
			b.inserts(n+1, 1)
			x.rowsOnce(n + 1)
			x.stop()
		})
	}
}

// writeIDs inserts rows with rising ids until ctx ends, and returns how many.
func (b *bench) writeIDs(ctx context.Context) int {
	conn, err := b.server.DB(context.WithoutCancel(ctx))
	if err != nil {
		b.Error(err)
		return 0
	}
	defer conn.Close()
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return n
		}
		if _, err := conn.Execute(fmt.Sprintf("INSERT INTO %s.a VALUES (%d)", b.db, n+1)); err != nil {
			b.Error(err)
			return n
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// replicaWith starts a replica of the bench's server that has n rows from a copy.
func (b *bench) replicaWith(n int) *servers.MySQLServer {
	b.Helper()
	s := own(b.T, servers.MySQL, "--server_id=779")
	statements := []string{"CREATE DATABASE " + b.db, "CREATE TABLE " + b.db + ".a (id INT PRIMARY KEY)", "SET SESSION cte_max_recursion_depth=1000000"}
	if n > 0 {
		statements = append(statements, fmt.Sprintf("INSERT INTO %s.a WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n", b.db, n))
	}
	statements = append(statements, "RESET BINARY LOGS AND GTIDS",
		"SET GLOBAL gtid_purged='"+strings.ReplaceAll(b.ask("SELECT @@GLOBAL.gtid_executed"), "\n", "")+"'",
		fmt.Sprintf("CHANGE REPLICATION SOURCE TO SOURCE_HOST='%s', SOURCE_PORT=%d, SOURCE_USER='%s', SOURCE_PASSWORD='%s', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1", b.server.Host, b.server.Port, b.server.CaptureUser, b.server.CapturePassword),
		"START REPLICA")
	if err := s.Exec(b.Context(), statements...); err != nil {
		b.Fatal(err)
	}
	return s
}

// Transactions without GTIDs that were written while the pipeline stood are not passed
// over: a server that is asked by GTIDs begins behind files that have no others.
func TestSource_gtidToFileWhileItStands(t *testing.T) {
	b := benchOn(t, own(t, servers.MySQL), "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.inserts(1, 1)
	x.rowsOnce(1)
	x.stop()
	b.exec("SET GLOBAL gtid_mode=ON_PERMISSIVE", "SET GLOBAL gtid_mode=OFF_PERMISSIVE")
	b.inserts(2, 1)
	b.exec("FLUSH BINARY LOGS")
	b.inserts(3, 1)
	b.exec("SET GLOBAL gtid_mode=ON_PERMISSIVE", "FLUSH BINARY LOGS", "SET GLOBAL gtid_mode=ON")
	b.inserts(4, 1)

	x, s := b.watched(r)
	x.unhealthy(s, "SET GLOBAL gtid_mode=ON_PERMISSIVE and FLUSH BINARY LOGS")
	x.rowsOnce(1)
	b.exec("SET GLOBAL gtid_mode=ON_PERMISSIVE", "FLUSH BINARY LOGS") // what that says
	file, _, _ := strings.Cut(b.ask("SHOW BINARY LOG STATUS"), "\t")
	x.until(func() bool { return strings.Contains(string(r.resume().Sinks[0].Checkpoint.Position.Base), file) })
	b.exec("SET GLOBAL gtid_mode=ON")
	b.inserts(5, 1)
	x.rowsOnce(5)
	x.until(func() bool { return r.byGTID() && s.Health() == nil })
	x.stop()
}

// A file that was rotated away while the pipeline stood, with nothing more in it, is
// passed over by the server, and the source reads on by GTIDs.
func TestSource_emptyFilesWhileItStands(t *testing.T) {
	b := benchOn(t, own(t, servers.MySQL), "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.inserts(1, 1)
	x.rowsOnce(1)
	x.stop()
	b.exec("FLUSH BINARY LOGS", "FLUSH BINARY LOGS")
	b.inserts(2, 1)
	x = b.start(r)
	x.rowsOnce(2)
	if !r.byGTID() || b.metric("leat_mysql_reconnects_total") != 0 {
		t.Errorf("by GTID: %v, %v lost connections", r.byGTID(), b.metric("leat_mysql_reconnects_total"))
	}
	x.stop()
}

// A server whose gtid_mode goes back is read by file again, and by GTIDs later on,
// while it runs and after a stop.
func TestSource_gtidToFileAndBack(t *testing.T) {
	b := benchOn(t, own(t, servers.MySQL), "CREATE TABLE a (id INT PRIMARY KEY)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.inserts(1, 3)
	x.rowsOnce(3)
	n := 3
	for _, mode := range []string{"ON_PERMISSIVE", "OFF_PERMISSIVE"} {
		b.exec("SET GLOBAL gtid_mode=" + mode)
		n++
		b.inserts(n, 1)
		x.rowsOnce(n)
	}
	b.killDumps()
	n++
	b.inserts(n, 1)
	x.rowsOnce(n)
	x.until(func() bool { return !r.byGTID() })
	x.until(r.atCommit)
	x.stop()
	x = b.start(r)
	for _, mode := range []string{"ON_PERMISSIVE", "ON"} {
		b.exec("SET GLOBAL gtid_mode=" + mode)
		n++
		b.inserts(n, 1)
		x.rowsOnce(n)
	}
	x.until(func() bool { return r.byGTID() })
	b.killDumps()
	n++
	b.inserts(n, 1)
	x.rowsOnce(n)
	x.stop()
}
