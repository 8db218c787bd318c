//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
)

// A server whose log lacks what is captured is not passed by validate.
func TestSource_Validate_hiddenRows(t *testing.T) {
	const wrong = "00000000-1111-2222-3333-444444444444"
	tests := map[string]struct {
		flags  []string
		change func(*bench)
		want   string
	}{
		"GTIDs of another server": {nil, func(b *bench) { b.config.GTID.Include = []string{wrong} }, "error gtid"},
		"a filter without GTIDs": {
			[]string{"--gtid_mode=OFF", "--enforce_gtid_consistency=OFF"},
			func(b *bench) { b.config.GTID.Include = []string{wrong} }, "error gtid: gtid.include and gtid.exclude have no effect",
		},
		"binlog_ignore_db": {[]string{"--binlog_ignore_db=leat_testsource_validate_hiddenrows_binlog_ignore_db"}, func(*bench) {}, "error log filters"},
		"binlog_do_db":     {[]string{"--binlog_do_db=other"}, func(*bench) {}, "error log filters"},
		"a replica that logs nothing": {[]string{"--log_replica_updates=OFF"}, func(b *bench) {
			b.exec("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=1, SOURCE_USER='x', SOURCE_AUTO_POSITION=1")
		}, "error log_replica_updates"},
		"a replica of a part": {nil, func(b *bench) {
			b.exec("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=1, SOURCE_USER='x', SOURCE_AUTO_POSITION=1", "CHANGE REPLICATION FILTER REPLICATE_DO_DB=(other)")
		}, "warning replica filters"},
		"tables without transactions": {nil, func(b *bench) { b.exec("CREATE TABLE m (id INT PRIMARY KEY) ENGINE=MyISAM") }, "warning table "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			server, err := servers.MySQL(t.Context(), servers.Options{Flags: tt.flags})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
			b := benchOn(t, server, "CREATE TABLE a (id INT PRIMARY KEY)")
			tt.change(b)
			if got := strings.Join(b.faults(), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			subject := strings.Trim(strings.Fields(tt.want)[1], ":")
			if got := strings.Join(b.notices(newRecorder(1)), ", "); subject != "table" && !strings.Contains(got, subject) {
				t.Errorf("while it runs its notices are %q, want one of %s", got, subject)
			}
		})
	}
}

// A server and a configuration that keep nothing back are no matter for a notice.
func TestSource_noNotices(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	b.config.GTID.Include = []string{b.ask("SELECT @@server_uuid")}
	if got := strings.Join(b.notices(newRecorder(1)), ", "); got != "" {
		t.Errorf("got notices of %s", got)
	}
}

// Servers that do not log what foreign keys do are found, with the tables.
func TestSource_Validate_cascades(t *testing.T) {
	server, err := servers.MariaDB(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	b := benchOn(t, server, "CREATE TABLE p (id INT PRIMARY KEY)", "CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)",
		"CREATE TABLE strict (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id))")
	want := "warning foreign keys: rows of " + b.db + ".child change"
	if got := strings.Join(b.faults(), "\n"); !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What the filter of servers leaves out is counted, and warned of once where it has
// rows of captured tables: other services write by design what is left out here.
func TestSource_ignoredTransactions(t *testing.T) {
	const service, standby, taken = "00000000-1111-2222-3333-444444444441", "00000000-1111-2222-3333-444444444442", "00000000-1111-2222-3333-444444444443"
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE _other (id INT PRIMARY KEY)")
	b.config.GTID.Include = []string{taken}
	r := newRecorder(1)
	x, s := b.watched(r)
	x.reading()
	x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") }) // what was executed before is not even sent
	notices := func() string {
		var out []string
		for _, n := range s.Notices() {
			if n.Subject != "gtid" { // of what was found at the start
				out = append(out, n.Subject+": "+n.Message+": "+n.Cure)
			}
		}
		return strings.Join(out, "\n")
	}
	b.under(service, 1, "INSERT INTO _other VALUES (1)", "INSERT INTO _other VALUES (2)")
	b.under(taken, 1, "INSERT INTO a VALUES (3)")
	x.expect(0, "c a {3}")
	if got := b.metric("leat_mysql_ignored_transactions_total"); got < 2 {
		t.Errorf("%v transactions are counted, want 2 or more", got)
	}
	const left, rows = `level=INFO msg="transactions of a server are left out`, `level=WARN msg="rows of a captured table are left out`
	if log := b.log.String(); strings.Count(log, left) != 1 || strings.Contains(log, rows) || notices() != "" {
		t.Errorf("what nobody misses is not told once: %s\nnotices: %s", log, notices())
	}

	b.under(standby, 1, "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)")
	b.under(taken, 2, "INSERT INTO a VALUES (4)")
	x.expect(0, "c a {3}", "c a {4}")
	if log := b.log.String(); strings.Count(log, rows) != 1 || !strings.Contains(log, "server_uuid="+standby+" table="+b.db+".a") {
		t.Errorf("the log does not warn once: %s", log)
	}
	if got := notices(); !strings.Contains(got, "gtid "+standby+": ") || !strings.Contains(got, "add the server_uuid to gtid.include") || strings.Contains(got, service) {
		t.Errorf("notices are %q", got)
	}
	x.stop()
}

// What a server kept back is told of no more once that is mended, without a restart
// of the source, and is found at a server that takes over.
func TestSource_noticesOfTheServerOfNow(t *testing.T) {
	b := benchOn(t, own(t, servers.MySQL), "CREATE TABLE a (id INT PRIMARY KEY)",
		"CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=1, SOURCE_USER='x', SOURCE_AUTO_POSITION=1", "CHANGE REPLICATION FILTER REPLICATE_DO_DB=(other)")
	r := newRecorder(1)
	x, s := b.watched(r)
	x.reading()
	subjects := func() string {
		var out []string
		for _, n := range s.Notices() {
			out = append(out, n.Subject)
		}
		return strings.Join(out, ", ")
	}
	if got := subjects(); got != "replica filters" {
		t.Fatalf("notices are of %q", got)
	}
	b.exec("CHANGE REPLICATION FILTER REPLICATE_DO_DB=()")
	x.until(func() bool { b.killDumps(); return subjects() == "" })
	b.exec("INSERT INTO a VALUES (1)")
	x.expect(0, "c a {1}")
	x.stop()
}
