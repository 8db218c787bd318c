//go:build e2e

package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/leat-io/leat/e2e/servers"
)

// charsetCases run statements in other character sets, where the log tells
// nothing but what the statements say.
var charsetCases = map[string]struct {
	before, run, want []string
}{
	"labels that are valid UTF-8 as well": {
		[]string{"CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)"},
		[]string{"SET NAMES gbk", "ALTER TABLE t ADD COLUMN e ENUM('\xc4\xa3','b') CHARACTER SET gbk, ADD COLUMN v VARCHAR(10) DEFAULT '\xc4\xa3'", "INSERT INTO t (id, e) VALUES (2, '\xc4\xa3'), (3, 'b')"},
		[]string{"r t {1}", "c t {2 模 模}", "c t {3 b 模}"},
	},
	"columns swapped in a table of a Chinese name": {
		[]string{"CREATE TABLE 模 (id INT PRIMARY KEY, a INT, b INT)"},
		[]string{"SET NAMES gbk", "ALTER TABLE `\xc4\xa3` RENAME COLUMN a TO b, RENAME COLUMN b TO a", "INSERT INTO `\xc4\xa3` (id, a, b) VALUES (1, 10, 20)"},
		[]string{"c 模 {1 20 10}"},
	},
	"a backslash that is half a character": {
		[]string{"CREATE TABLE t (id INT PRIMARY KEY)"},
		[]string{"SET NAMES sjis", "ALTER TABLE t ADD e ENUM('\x83\x5c','x') FIRST, ADD v INT DEFAULT 7", "INSERT INTO t (id, e) VALUES (1, 2), (2, 1)"},
		[]string{"c t {x 1 7}", "c t {ソ 2 7}"},
	},
	"database by the session": {
		[]string{"CREATE TABLE t (id INT PRIMARY KEY)"},
		[]string{
			"SET SESSION character_set_server=cp1251", "DROP DATABASE DB", "CREATE DATABASE DB", "USE DB", "SET NAMES utf8mb4", "CREATE TABLE t (id INT PRIMARY KEY, v TEXT, e ENUM('имя','b'))", "INSERT INTO t VALUES (1, 'имя', 'имя')",
			"ALTER DATABASE DB CHARACTER SET latin1", "CREATE TABLE u (id INT PRIMARY KEY, v TEXT, w TEXT CHARACTER SET gbk)", "INSERT INTO u VALUES (1, 'é', '模')",
		},
		[]string{"t t for state only", "c t {1 имя имя}", "c u {1 é 模}"},
	},
	"default by the time zone": {
		[]string{"CREATE TABLE t (id INT PRIMARY KEY)"},
		[]string{"SET time_zone='+05:00'", "CREATE TABLE u (id INT PRIMARY KEY, x TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00')", "SET sql_mode=''", "INSERT INTO u VALUES (1, '0000-00-00 00:00:00'), (2, DEFAULT)"},
		[]string{"c u {1 2019-12-31T19:00:00Z}", "c u {2 2019-12-31T19:00:00Z}"},
	},
}

// Beside the writer, and behind it, when all statements have run and others
// have changed what the server has.
func TestSource_charsets(t *testing.T) {
	for flavor, start := range map[string]func(context.Context, servers.Options) (*servers.MySQLServer, error){"mysql": servers.MySQL, "mariadb": servers.MariaDB} {
		t.Run(flavor, func(t *testing.T) {
			server, err := start(t.Context(), servers.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = server.Close() })
			metadata := []string{"MINIMAL", "FULL"}
			if flavor == "mariadb" {
				metadata = append(metadata, "NO_LOG")
			}
			for name := range charsetCases {
				for _, m := range metadata {
					t.Run(name+" "+m, func(t *testing.T) { runCharsetCase(t, server, name, m) })
				}
			}
		})
	}
}

func runCharsetCase(t *testing.T, server *servers.MySQLServer, name, metadata string) {
	t.Helper()
	tt := charsetCases[name]
	b := benchOn(t, server, "SET GLOBAL binlog_row_metadata="+metadata)
	b.exec(append([]string{"SET NAMES utf8mb4"}, tt.before...)...)
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	x.stop()
	behind := newRecorder(1)
	for i, c := range r.resume().Sinks {
		behind.points[i] = c.Checkpoint
	}
	behind.schemas, behind.records = maps.Clone(r.schemas), slices.Clone(r.records)
	x = b.start(r)
	x.reading()
	run := make([]string, len(tt.run))
	for i, sql := range tt.run {
		run[i] = strings.ReplaceAll(sql, "DB", b.db)
	}
	b.exec(run...)
	x.expect(0, tt.want...)
	x.stop()
	b.exec("DROP DATABASE "+b.db, "CREATE DATABASE "+b.db)
	x = b.start(behind)
	x.expect(0, tt.want...)
	x.stop()
}

// The statement of a row's change is in the client's character set.
func TestSource_statementsAreValidUTF8(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9))")
	b.config.IncludeQuery = true
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec("SET SESSION binlog_rows_query_log_events=ON", "SET NAMES gbk", "INSERT INTO a VALUES (1, '\xc4\xa3')", "SET NAMES latin1", "INSERT INTO a VALUES (2, '\xe9')",
		"SET NAMES utf8mb4", "INSERT INTO a VALUES (3, 'я')", "BEGIN", "INSERT INTO a VALUES (4, 'x')", "SET NAMES gbk", "INSERT INTO a VALUES (5, '\xb0\xa1')", "COMMIT")
	x.expect(0, "c a {1 模}", "c a {2 é}", "c a {3 я}", "c a {4 x}", "c a {5 啊}")
	x.stop()
	for i, want := range []string{"INSERT INTO a VALUES (1, '模')", "INSERT INTO a VALUES (2, 'é')", "INSERT INTO a VALUES (3, 'я')", "INSERT INTO a VALUES (4, 'x')"} {
		if got := r.records[i].origin.Query; got != want {
			t.Errorf("statement %d is %q, want %q", i, got, want)
		}
	}
	if got := r.records[4].origin.Query; !utf8.ValidString(got) {
		t.Errorf("the statement is %q", got)
	}
}

// MariaDB logs such an ALTER TABLE twice: where it begins, and where it takes effect.
func TestSource_MariaDB_alterInTwoPhases(t *testing.T) {
	server, err := servers.MariaDB(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	b := benchOn(t, server, "SET GLOBAL binlog_row_metadata=NO_LOG", "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO t VALUES (1, 10, 20)")
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec("SET SESSION binlog_alter_two_phase=ON", "ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a", "INSERT INTO t (id, a, b) VALUES (2, 1, 2)")
	x.expect(0, "r t {1 10 20}", "c t {2 2 1}")
	x.stop()
	def := string(r.resume().Sinks[0].Checkpoint.State["table/"+b.db+".t"])
	if first, second := strings.Index(def, `"name":"b"`), strings.Index(def, `"name":"a"`); first < 0 || second < first {
		t.Errorf("the definition is %s", def)
	}
}
