//go:build e2e

package main

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/sdk"
)

func mariaDB(t *testing.T) *servers.MySQLServer {
	t.Helper()
	server, err := servers.MariaDB(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// mariaDBCase is run with and without row metadata in the log.
type mariaDBCase struct {
	before, then []string
	// want are records of the stream, those of the snapshot before them; nil for
	// any that lead to the same rows as a new snapshot.
	want []string
	// altered says that rows are in the snapshot as they were not in the log,
	// because their columns have changed.
	altered bool
	exclude []string
}

var mariaDBCases = map[string]mariaDBCase{
	"versioned": {
		before: []string{"CREATE TABLE sv (id INT PRIMARY KEY, v VARCHAR(10)) WITH SYSTEM VERSIONING", "INSERT INTO sv VALUES (1, 'a'), (2, 'b')", "UPDATE sv SET v = 'x' WHERE id = 1"},
		then: []string{
			"INSERT INTO sv VALUES (3, 'c')", "UPDATE sv SET v = 'A2' WHERE id = 1", "DELETE FROM sv WHERE id = 2",
			"UPDATE sv SET id = 4 WHERE id = 3", "INSERT INTO sv VALUES (4, 'd') ON DUPLICATE KEY UPDATE v = 'e'",
			"BEGIN", "UPDATE sv SET v = 'f' WHERE id = 4", "DELETE FROM sv WHERE id = 4", "INSERT INTO sv VALUES (4, 'g')", "COMMIT",
			"DELETE HISTORY FROM sv",
		},
		want: []string{
			"r sv {1 x}", "r sv {2 b}", "c sv {3 c}", "u sv {1 x} {1 A2}", "d sv {2 b}", "u sv {3 c} {4 c}", "u sv {4 c} {4 e}",
			"u sv {4 e} {4 f}", "d sv {4 f}", "c sv {4 g}",
		},
	},
	"versioned and replaced": { // an update, or a deletion and an insert before 11
		before: []string{"CREATE TABLE sv (id INT PRIMARY KEY, v VARCHAR(10)) WITH SYSTEM VERSIONING", "INSERT INTO sv VALUES (1, 'a'), (2, 'b')"},
		then:   []string{"REPLACE INTO sv VALUES (1, 'c'), (3, 'd')", "REPLACE INTO sv VALUES (3, 'e')"},
	},
	"period columns": {
		before: []string{"CREATE TABLE ev (id INT PRIMARY KEY, v VARCHAR(10), s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING", "INSERT INTO ev (id, v) VALUES (1, 'x'), (2, 'y'), (3, 'z')"},
		then:   []string{"UPDATE ev SET v = 'X' WHERE id = 1", "DELETE FROM ev WHERE id = 2", "UPDATE ev SET id = 7 WHERE id = 3", "INSERT INTO ev (id, v) VALUES (2, 'new')"},
	},
	"period columns of a new table": {
		then: []string{
			"CREATE TABLE ev (s TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE, id INT PRIMARY KEY, v VARCHAR(10), e TIMESTAMP(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING",
			"INSERT INTO ev (id, v) VALUES (1, 'x'), (2, 'y')", "UPDATE ev SET v = 'z'", "DELETE FROM ev WHERE id = 1",
		},
	},
	"period columns come and go": {
		then: []string{
			"CREATE TABLE ev (id INT PRIMARY KEY, v VARCHAR(10)) WITH SYSTEM VERSIONING", "SET system_versioning_alter_history = KEEP", "ALTER TABLE ev DROP SYSTEM VERSIONING",
			"INSERT INTO ev VALUES (5, 'a')", "UPDATE ev SET v = 'b'",
			"ALTER TABLE ev ADD COLUMN s TIMESTAMP(6) AS ROW START FIRST, ADD COLUMN e TIMESTAMP(6) AS ROW END AFTER id, ADD PERIOD FOR SYSTEM_TIME (s, e), ADD SYSTEM VERSIONING",
			"INSERT INTO ev (id, v) VALUES (6, 'a')", "DELETE FROM ev WHERE id = 5", "UPDATE ev SET id = id + 1",
			"ALTER TABLE ev DROP COLUMN s, DROP COLUMN e, DROP SYSTEM VERSIONING", "DELETE FROM ev",
		},
		want:    []string{"c ev {5 a}", "u ev {5 a} {5 b}", "c ev {6 a}", "d ev {5 b}", "u ev {6 a} {7 a}", "d ev {7 a}"},
		exclude: []string{`.*\.ev\.[se]`},
		altered: true,
	},
	"versioning comes and goes": {
		before: []string{"CREATE TABLE sv (id INT PRIMARY KEY, v VARCHAR(10))", "INSERT INTO sv VALUES (1, 'a')"},
		then: []string{
			"ALTER TABLE sv ADD SYSTEM VERSIONING", "UPDATE sv SET v = 'b'", "SET system_versioning_alter_history = KEEP",
			"ALTER TABLE sv ADD a INT FIRST, ADD b INT AFTER id, ADD c INT", "INSERT INTO sv VALUES (1, 2, 3, 'x', 4)", "DELETE FROM sv WHERE id = 1",
			"ALTER TABLE sv DROP COLUMN a, CHANGE v w VARCHAR(20)", "INSERT INTO sv VALUES (5, 3, 'x', 4)", "UPDATE sv SET w = 'y' WHERE id = 5",
			"CREATE TABLE copy LIKE sv", "INSERT INTO copy VALUES (1, 1, 'k', 1)", "UPDATE copy SET w = 'l'",
			"ALTER TABLE sv DROP SYSTEM VERSIONING", "INSERT INTO sv VALUES (6, 3, 'x', 4)", "DELETE FROM sv WHERE id = 5", "UPDATE sv SET b = 9",
		},
		want: []string{
			"r sv {1 a}", "u sv {1 a} {1 b}", "c sv {1 2 3 x 4}", "d sv {NULL 1 NULL b NULL}", "c sv {5 3 x 4}", "u sv {5 3 x 4} {5 3 y 4}",
			"c copy {1 1 k 1}", "u copy {1 1 k 1} {1 1 l 1}", "c sv {6 3 x 4}", "d sv {5 3 y 4}", "u sv {2 3 x 4} {2 9 x 4}", "u sv {6 3 x 4} {6 9 x 4}",
		},
		altered: true,
	},
	"history that is inserted": {
		before: []string{"CREATE TABLE sv (id INT PRIMARY KEY, v VARCHAR(10)) WITH SYSTEM VERSIONING"},
		then: []string{
			"SET system_versioning_insert_history = ON", "INSERT INTO sv (id, v, row_start, row_end) VALUES (9, 'h', '2020-01-01 00:00:00', '2021-01-01 00:00:00')",
			"INSERT INTO sv (id, v) VALUES (9, 'now')",
		},
		want: []string{"c sv {9 now}"},
	},
	"columns without versioning": {
		before: []string{"CREATE TABLE nk (id INT, v VARCHAR(10) WITHOUT SYSTEM VERSIONING, w INT) WITH SYSTEM VERSIONING", "CREATE TABLE one (id INT PRIMARY KEY, v VARCHAR(10) WITH SYSTEM VERSIONING, w INT)"},
		then: []string{
			"INSERT INTO nk VALUES (1, 'a', 1)", "UPDATE nk SET v = 'b'", "UPDATE nk SET w = 2", "DELETE FROM nk",
			"INSERT INTO one VALUES (1, 'a', 1)", "UPDATE one SET w = 2", "UPDATE one SET v = 'b'",
			"CREATE TABLE two (id INT PRIMARY KEY, v VARCHAR(10) WITH SYSTEM VERSIONING)", "INSERT INTO two VALUES (1, 'a')", "UPDATE two SET v = 'b'",
		},
		want: []string{
			"c nk {1 a 1}", "u nk {1 a 1} {1 b 1}", "u nk {1 b 1} {1 b 2}", "d nk {1 b 2}",
			"c one {1 a 1}", "u one {1 a 1} {1 a 2}", "u one {1 a 2} {1 b 2}", "c two {1 a}", "u two {1 a} {1 b}",
		},
	},
	"partitions by system time": {
		before: []string{"CREATE TABLE pt (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION p0 HISTORY, PARTITION pn CURRENT)", "INSERT INTO pt VALUES (1, 1)", "UPDATE pt SET v = 2"},
		then:   []string{"UPDATE pt SET v = 3", "INSERT INTO pt VALUES (2, 2)", "DELETE FROM pt WHERE id = 1", "ALTER TABLE pt ADD PARTITION (PARTITION p1 HISTORY)", "UPDATE pt SET v = 4", "ALTER TABLE pt DROP PARTITION p0"},
		want:   []string{"r pt {1 2}", "u pt {1 2} {1 3}", "c pt {2 2}", "d pt {1 3}", "u pt {2 2} {2 4}"},
	},
	"long unique keys": {
		before: []string{"CREATE TABLE hk (id INT PRIMARY KEY, b TEXT, t TEXT, UNIQUE (b), UNIQUE (t))", "INSERT INTO hk VALUES (1, 'a', 'b')", "CREATE TABLE vh (id INT PRIMARY KEY, t TEXT UNIQUE) WITH SYSTEM VERSIONING"},
		then: []string{
			"INSERT INTO hk VALUES (2, 'c', 'd')", "UPDATE hk SET b = 'e' WHERE id = 1", "DELETE FROM hk WHERE id = 2",
			"INSERT INTO vh VALUES (1, 'a')", "UPDATE vh SET t = 'b'",
			"CREATE TABLE nk (b TEXT NOT NULL UNIQUE, v INT)", "INSERT INTO nk VALUES ('a', 1)", "UPDATE nk SET v = 2",
			"CREATE TABLE h3 (id INT PRIMARY KEY, v VARCHAR(1000), w VARCHAR(30), x INT, UNIQUE (v), UNIQUE (w) USING HASH, UNIQUE (id, x) USING HASH)", "INSERT INTO h3 VALUES (1, 'a', 'b', 1)", "UPDATE h3 SET v = 'c'",
			"ALTER TABLE h3 ADD y INT", "INSERT INTO h3 VALUES (2, 'b', 'c', 1, 1)", "DELETE FROM h3 WHERE id = 1",
		},
		want: []string{
			"r hk {1 a b}", "c hk {2 c d}", "u hk {1 a b} {1 e b}", "d hk {2 c d}", "c vh {1 a}", "u vh {1 a} {1 b}",
			"c nk {a 1}", "u nk {a 1} {a 2}",
			"c h3 {1 a b 1}", "u h3 {1 a b 1} {1 c b 1}", "c h3 {2 b c 1 1}", "d h3 {1 c b 1 NULL}",
		},
		altered: true,
	},
	"compressed columns": {
		before: []string{
			"CREATE TABLE c (id INT PRIMARY KEY, t TEXT COMPRESSED, v VARCHAR(500) COMPRESSED, b BLOB COMPRESSED=zlib, tt TINYTEXT COMPRESSED NOT NULL DEFAULT 'x', l LONGTEXT COMPRESSED, u VARCHAR(20) COMPRESSED CHARACTER SET utf16, w VARBINARY(255) COMPRESSED, s VARCHAR(63) COMPRESSED)",
			"INSERT INTO c VALUES (1, REPEAT('abc', 200), REPEAT('x', 300), REPEAT('y', 300), REPEAT('z', 200), REPEAT('Ä', 70000), 'ünï', REPEAT('w', 255), REPEAT('s', 63)), (2, '', '', '', '', '', '', '', ''), (3, NULL, NULL, NULL, 's', NULL, NULL, NULL, NULL)",
		},
		then: []string{
			"INSERT INTO c SELECT id + 10, t, v, b, tt, l, u, w, s FROM c", "SET column_compression_zlib_wrap = ON", "INSERT INTO c SELECT id + 20, t, v, b, tt, l, u, w, s FROM c",
			"UPDATE c SET t = 'short', l = 'short' WHERE id = 1", "DELETE FROM c WHERE id = 2", "ALTER TABLE c MODIFY t TEXT", "UPDATE c SET t = 'plain' WHERE id = 3",
			"ALTER TABLE c MODIFY t TEXT COMPRESSED", "CREATE TABLE d LIKE c", "ALTER TABLE d ADD n VARCHAR(1000) COMPRESSED DEFAULT 'dd', DROP v", "INSERT INTO d (id) VALUES (100)",
		},
	},
	"addresses": {
		before: []string{
			"CREATE TABLE ty (id INT PRIMARY KEY, u UUID, a INET6, b INET4, j JSON, n INT DEFAULT 5, d UUID NOT NULL DEFAULT '123E4567e89b12d3a456426655440000', i INET6 DEFAULT '::FFFF:1.2.3.4')",
			"INSERT INTO ty (id, u, a, b, j) VALUES (1, '123e4567-e89b-12d3-a456-426655440000', '2001:db8::ff00:42:8329', '10.1.2.3', '{\"a\":1}')",
		},
		then: []string{
			"INSERT INTO ty (id, u, a, b, j) VALUES (2, '00000000-0000-0000-0000-000000000001', '::ffff:1.2.3.4', '255.255.255.255', '[1]'), (3, '018f3e5b-1c2d-7abc-8def-000000000000', '::', '0.0.0.0', '1')",
			"UPDATE ty SET u = NULL WHERE id = 1",
		},
		want: []string{
			`r ty {1 123e4567-e89b-12d3-a456-426655440000 2001:db8::ff00:42:8329 10.1.2.3 {"a":1} 5 123e4567-e89b-12d3-a456-426655440000 ::ffff:1.2.3.4}`,
			`c ty {2 00000000-0000-0000-0000-000000000001 ::ffff:1.2.3.4 255.255.255.255 [1] 5 123e4567-e89b-12d3-a456-426655440000 ::ffff:1.2.3.4}`,
			`c ty {3 018f3e5b-1c2d-7abc-8def-000000000000 :: 0.0.0.0 1 5 123e4567-e89b-12d3-a456-426655440000 ::ffff:1.2.3.4}`,
			`u ty {1 123e4567-e89b-12d3-a456-426655440000 2001:db8::ff00:42:8329 10.1.2.3 {"a":1} 5 123e4567-e89b-12d3-a456-426655440000 ::ffff:1.2.3.4} {1 NULL 2001:db8::ff00:42:8329 10.1.2.3 {"a":1} 5 123e4567-e89b-12d3-a456-426655440000 ::ffff:1.2.3.4}`,
		},
	},
	"addresses as keys": {
		before: []string{"CREATE TABLE k (u UUID PRIMARY KEY, v INT)", "CREATE TABLE l (a INET6 PRIMARY KEY, v INT)", "INSERT INTO k SELECT UUID(), seq FROM seq_1_to_300", "INSERT INTO l SELECT CAST(UNHEX(MD5(seq)) AS INET6), seq FROM seq_1_to_100"},
		then: []string{
			"UPDATE k SET v = v + 1", "DELETE FROM k WHERE v % 3 = 0", "UPDATE l SET v = v + 1", "INSERT INTO k VALUES (UUID(), 1)",
			"INSERT IGNORE INTO l SELECT CAST(UNHEX(RPAD(REPEAT('00', seq % 8), 32, MD5(seq))) AS INET6), seq FROM seq_1_to_40",
			"INSERT IGNORE INTO l SELECT CAST(UNHEX(CONCAT(IF(seq & 1, '0000', '00a0'), IF(seq & 2, '0000', '0b00'), IF(seq & 4, '0000', 'c000'), IF(seq & 8, '0000', '000d'), IF(seq & 16, '0000', '1111'), IF(seq & 32, '0000', 'ffff'), IF(seq & 64, '0000', '2222'), IF(seq & 128, '0000', '0333'))) AS INET6), seq FROM seq_0_to_255",
		},
	},
	"periods of applications": {
		before: []string{"CREATE TABLE per (id INT, s DATE, e DATE, PERIOD FOR app (s, e), PRIMARY KEY (id, app WITHOUT OVERLAPS))", "INSERT INTO per VALUES (1, '2020-01-01', '2021-01-01')"},
		then: []string{
			"DELETE FROM per FOR PORTION OF app FROM '2020-03-01' TO '2020-04-01'", "UPDATE per FOR PORTION OF app FROM '2020-05-01' TO '2020-06-01' SET id = 2",
			"CREATE TABLE per2 (id INT NOT NULL, s DATE, e DATE, PERIOD FOR app (s, e), UNIQUE (id, app WITHOUT OVERLAPS))", "INSERT INTO per2 VALUES (1, '2020-01-01', '2021-01-01')", "DELETE FROM per2",
			"CREATE TABLE per3 (id INT NOT NULL, s DATE, e DATE)", "ALTER TABLE per3 ADD PERIOD FOR app (s, e), ADD PRIMARY KEY (id, app WITHOUT OVERLAPS)", "INSERT INTO per3 VALUES (1, '2020-01-01', '2021-01-01')",
		},
	},
	"sequences and invisible columns": {
		before: []string{"CREATE SEQUENCE sq", "CREATE TABLE inv (id INT PRIMARY KEY DEFAULT (NEXTVAL(sq)), x INT INVISIBLE DEFAULT 4, y VARCHAR(9) DEFAULT (CONCAT('a', 'b')))", "INSERT INTO inv () VALUES ()"},
		then:   []string{"INSERT INTO inv () VALUES ()", "SELECT NEXTVAL(sq)", "CREATE SEQUENCE sq2 START WITH 5", "SELECT NEXTVAL(sq2)", "UPDATE inv SET x = 1", "ALTER SEQUENCE sq RESTART 50", "RENAME TABLE sq2 TO sq3", "SELECT NEXTVAL(sq3)", "DROP SEQUENCE sq3", "CREATE TABLE sq3 (id INT PRIMARY KEY)", "INSERT INTO sq3 VALUES (1)"},
		want:   []string{"r inv {1 4 ab}", "c inv {1001 4 ab}", "u inv {1 4 ab} {1 1 ab}", "u inv {1001 4 ab} {1001 1 ab}", "c sq3 {1}"},
	},
	"compressed events": {
		before: []string{"SET GLOBAL log_bin_compress = ON", "CREATE TABLE cc (id INT PRIMARY KEY, t LONGTEXT)"},
		then: []string{
			"INSERT INTO cc VALUES (1, REPEAT('x', 3000)), (2, REPEAT('y', 100000))", "UPDATE cc SET t = REPEAT('y', 3000)", "DELETE FROM cc WHERE id = 1",
			"CREATE TABLE dd (id INT PRIMARY KEY, t TEXT COMMENT '" + strings.Repeat("long ", 200) + "')", "INSERT INTO dd VALUES (1, REPEAT('x', 3000)), (2, 's')", "SET GLOBAL log_bin_compress = OFF",
		},
	},
}

// What MariaDB alone has leaves the same rows behind as a new snapshot finds, to
// the byte, and the records that are due.
func TestSource_MariaDBsOwn(t *testing.T) {
	server := mariaDB(t)
	for _, metadata := range []string{"FULL", "NO_LOG"} {
		for name, tt := range mariaDBCases {
			t.Run(metadata+" "+name, func(t *testing.T) {
				b := benchOn(t, server, append([]string{"SET GLOBAL binlog_row_metadata = " + metadata}, tt.before...)...)
				t.Cleanup(func() { b.exec("SET GLOBAL log_bin_compress = OFF") })
				b.config.Exclude.Columns = tt.exclude
				r := newRecorder(1)
				x := b.start(r)
				x.reading()
				b.exec(append(tt.then, "CREATE TABLE z_end (id INT PRIMARY KEY)", "INSERT INTO z_end VALUES (1)")...)
				x.until(func() bool { return len(r.texts(0, 0)) > 0 && slices.Contains(r.texts(0, 0), "c z_end {1}") })
				x.stop()
				again := newRecorder(1)
				b.start(again).stopWhenReading()
				if !tt.altered {
					compareRows(t, r.rows, again.rows)
				}
				if got := r.texts(0, 0); len(tt.want) > 0 && !slices.Equal(got, append(slices.Clone(tt.want), "c z_end {1}")) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
				}
			})
		}
	}
}

func compareRows(t *testing.T, got, want rows) {
	t.Helper()
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if got[k] != want[k] {
			t.Errorf("%d times, want %d: %.300s", got[k], want[k], k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if want[k] == 0 {
			t.Errorf("not in the table: %.300s", k)
		}
	}
}

// Tables whose rows the log does not have, or not in full, are refused before a
// row is sent, with a cure that works.
func TestSource_MariaDBRefused(t *testing.T) {
	server := mariaDB(t)
	tests := map[string]struct {
		table, want string
		cure        string // a statement; empty to exclude the table
	}{
		"transaction-precise": {
			"CREATE TABLE a (id INT PRIMARY KEY, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING ENGINE=InnoDB",
			"MariaDB logs changes of such a table as statements", "",
		},
		"old times": {
			"CREATE TABLE a (id INT PRIMARY KEY, t DATETIME(3) DEFAULT '2020-01-01')", "column t of table", "ALTER TABLE a FORCE",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := benchOn(t, server)
			b.exec("SET GLOBAL mysql56_temporal_format = "+map[bool]string{true: "OFF", false: "ON"}[name == "old times"], tt.table, "SET GLOBAL mysql56_temporal_format = ON", "INSERT INTO a (id) VALUES (1)")
			r := newRecorder(1)
			err := b.readAll(t.Context(), r)
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) || len(r.texts(0, 0)) > 0 {
				t.Fatalf("got %v and %q, want an error with %q", err, r.texts(0, 0), tt.want)
			}
			if f := findings(t, b); !strings.Contains(f, tt.want) {
				t.Errorf("validate says %s", f)
			}
			if tt.cure != "" {
				b.exec(tt.cure)
			} else {
				b.config.Exclude.Tables = []string{b.db + `\.a`}
			}
			x := b.start(newRecorder(1))
			x.reading()
			b.exec("UPDATE a SET id = 2", "CREATE TABLE z_end (id INT PRIMARY KEY)", "INSERT INTO z_end VALUES (1)")
			x.until(func() bool { return slices.Contains(x.texts(0, 0), "c z_end {1}") })
			x.stop()
		})
	}
}

func findings(t *testing.T, b *bench) string {
	t.Helper()
	s, err := New(b.config, sdk.Env{Pipeline: b.db, Metrics: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range s.(*Source).Validate(t.Context()) {
		if f.Severity == sdk.Error {
			out = append(out, f.Message)
		}
	}
	return strings.Join(out, "; ")
}

// Generated columns are in the log with all rows, or are refused and can be left
// out.
func TestSource_MariaDBGenerated(t *testing.T) {
	b := benchOn(t, mariaDB(t), "CREATE TABLE a (id INT PRIMARY KEY, n INT, g INT AS (n + 1) PERSISTENT, v INT AS (n + 2) VIRTUAL)", "INSERT INTO a (id, n) VALUES (1, 1), (2, 2)")
	want := []string{"r a {1 1 2 3}", "r a {2 2 3 4}", "u a {1 1 2 3} {1 5 6 7}", "d a {2 2 3 4}"}
	if f := findings(t, b); strings.Contains(f, "column g is generated") {
		r := newRecorder(1)
		if err := b.readAll(t.Context(), r); err == nil || !strings.Contains(err.Error(), "column g is generated") || len(r.texts(0, 0)) > 0 {
			t.Fatalf("got %v and %q", err, r.texts(0, 0))
		}
		b.config.Exclude.Columns = []string{b.db + `\.a\.[gv]`}
		want = []string{"r a {1 1}", "r a {2 2}", "u a {1 1} {1 5}", "d a {2 2}"}
	}
	x := b.start(newRecorder(1))
	x.reading()
	b.exec("UPDATE a SET n = 5 WHERE id = 1", "DELETE FROM a WHERE id = 2")
	x.expect(0, want...)
	x.stop()
}

// A transaction-precise table that is made later stops the source at its first
// statement, with the true reason.
func TestSource_MariaDBByTransactionLater(t *testing.T) {
	b := benchOn(t, mariaDB(t), "CREATE TABLE b (id INT PRIMARY KEY)")
	x := b.start(newRecorder(1))
	x.reading()
	b.exec("CREATE TABLE a (id INT PRIMARY KEY, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING ENGINE=InnoDB", "INSERT INTO a (id) VALUES (1)")
	if err := x.end(); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "exclude the table") || !strings.Contains(err.Error(), cure.Behind) {
		t.Errorf("got %v", err)
	}
}
