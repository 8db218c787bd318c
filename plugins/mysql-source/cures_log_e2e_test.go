//go:build e2e

package main

import (
	"os"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
)

// A log that is not there, not the right one, or not sent.
func TestCures_log(t *testing.T) {
	const snapshot = "remove the checkpoint (leat checkpoint delete)"
	table := []string{"CREATE TABLE a (id INT PRIMARY KEY)"}
	gtids := func(t *testing.T) *bench { t.Helper(); return benchOn(t, own(t, servers.MySQL)) }
	files := func(t *testing.T) *bench {
		t.Helper()
		return benchOn(t, own(t, servers.MySQL, "--gtid_mode=OFF", "--enforce_gtid_consistency=OFF"))
	}
	// replicated leaves two rows unread, on a replica as well.
	replicated := func(b *bench) {
		b.Helper()
		replica := b.replica()
		b.exec(end)
		b.inserts(1, 1)
		b.exec("FLUSH BINARY LOGS")
		b.inserts(2, 1)
		second := *b
		second.server = replica
		second.caughtUp(b.ask("SELECT @@GLOBAL.gtid_executed"))
		b.other = replica
	}
	elsewhere := set(func(b *bench) { b.server, b.config.Port = b.other, b.other.Port })
	changes, copied := []string{"c a {1}", "c a {2}"}, []string{"r a {1}", "r a {2}"}
	followed(t, map[string]ailment{
		"purged": {
			on: gtids, tables: table,
			run: func(b *bench, _ *recorder) {
				replicated(b)
				b.purge()
			},
			says:  []string{"has purged from its binary log", "point the source at a server that still has it", snapshot},
			cures: map[string]remedy{"another server": {elsewhere, changes}, "a new snapshot": {asNew, copied}},
		},
		"reset": {
			on: gtids, tables: table,
			run: func(b *bench, _ *recorder) {
				replicated(b)
				b.reset()
				b.exec("CREATE TABLE x (id INT PRIMARY KEY)")
			},
			says:  []string{"another history answers", "point the source at a server that still has the old history", snapshot},
			cures: map[string]remedy{"another server": {elsewhere, changes}, "a new snapshot": {asNew, copied}},
		},
		"another server without GTIDs": {
			on: files, tables: append(table, end),
			run: func(b *bench, _ *recorder) {
				b.inserts(1, 1)
				other := *b
				other.server = own(b.T, servers.MySQL, "--gtid_mode=OFF", "--enforce_gtid_consistency=OFF", "--server_id=780")
				other.exec("CREATE DATABASE "+b.db, "USE "+b.db, table[0], end, "INSERT INTO a VALUES (1)")
				b.other = b.server
				b.server, b.config.Port = other.server, other.server.Port
			},
			says:  []string{"belongs to the server", "point the source at that server", snapshot},
			cures: map[string]remedy{"that server": {elsewhere, changes[:1]}, "a new snapshot": {asNew, copied[:1]}},
		},
		"a server without a number": {
			on: gtids, tables: append(table, end),
			run: func(b *bench, _ *recorder) {
				b.inserts(1, 1)
				b.exec("SET GLOBAL server_id=0")
			},
			again: true, says: []string{"SET GLOBAL server_id"}, never: "snapshot",
			cures: map[string]remedy{"a number": {mend("SET GLOBAL server_id=4242"), changes[:1]}},
		},
		"a file that is gone": {
			on: gtids, tables: append(table, end),
			run: func(b *bench, _ *recorder) {
				b.exec("FLUSH BINARY LOGS")
				path, _ := b.logEnd()
				b.inserts(1, 1)
				b.exec("FLUSH BINARY LOGS")
				b.inserts(2, 1)
				b.away = path
				if err := os.Rename(path, path+".away"); err != nil {
					b.Fatal(err)
				}
			},
			says: []string{"cannot send its binary log"},
			cures: map[string]remedy{"restore it": {func(b *bench, r *recorder) *recorder {
				if err := os.Rename(b.away+".away", b.away); err != nil {
					b.Fatal(err)
				}
				return r
			}, changes}},
		},
		"damaged": {
			on: gtids, tables: table,
			run: func(b *bench, _ *recorder) {
				path, at := b.logEnd()
				replicated(b)
				whole, err := os.ReadFile(path)
				if err != nil {
					b.Fatal(err)
				}
				copy(whole[at+9:], []byte{0xff, 0xff, 0xff, 0x7f}) // the size of the next event
				write(b.T, path, whole)
			},
			says:  []string{"cannot send its binary log", "pointed at a replica of that server", snapshot},
			cures: map[string]remedy{"a replica": {elsewhere, changes}, "a new snapshot": {asNew, copied}},
		},
		"cut within a transaction": {
			on: gtids, tables: table,
			run: func(b *bench, _ *recorder) {
				path, at := b.logEnd()
				replicated(b)
				if err := os.Truncate(path, int64(at)+100); err != nil {
					b.Fatal(err)
				}
			},
			says:  []string{"cannot send its binary log", "pointed at a replica of that server", snapshot},
			cures: map[string]remedy{"a replica": {elsewhere, changes}, "a new snapshot": {asNew, copied}},
		},
		"lags for good": {
			on: gtids, tables: append(table, end), again: true,
			run: func(b *bench, _ *recorder) {
				x := b.start(newRecorder(1))
				x.stopWhenReading()
				b.other = own(b.T, servers.MySQL, "--server_id=781")
				second := *b
				second.server = b.other
				second.exec("CREATE DATABASE "+b.db, "USE "+b.db, table[0], end, "INSERT INTO a VALUES (7)")
				b.server, b.config.Port = b.other, b.other.Port
			},
			says: []string{"has not executed transactions that were read before", "catches up by itself", snapshot}, never: "exclude",
			cures: map[string]remedy{"a new snapshot": {asNew, []string{"r a {7}"}}},
		},
	})
}

// Events of any size are sent, whatever max_allowed_packet says.
func TestSource_largeEvents(t *testing.T) {
	for name, start := range map[string]starter{"MySQL": servers.MySQL, "MariaDB": servers.MariaDB} {
		t.Run(name, func(t *testing.T) {
			b := benchOn(t, own(t, start, "--max_allowed_packet=64M"), "CREATE TABLE a (id INT PRIMARY KEY, v LONGTEXT)")
			b.config.Exclude.Columns = []string{b.db + `\.a\.v`}
			b.exec("SET GLOBAL max_allowed_packet=1048576")
			r := newRecorder(1)
			b.start(r).stopWhenReading()
			b.exec("SET GLOBAL max_allowed_packet=67108864")
			b.exec("INSERT INTO a VALUES (1, REPEAT('x', 8000000))", "SET GLOBAL max_allowed_packet=1048576")
			x := b.start(r)
			x.expect(0, "c a {1}")
			x.stop()
		})
	}
}
