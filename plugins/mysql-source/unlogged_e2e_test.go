//go:build e2e

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
)

// unlogged are statements that change definitions without a word in the log, and
// rows that are written in between.
var unlogged = map[string]struct {
	before, run []string
	want        []string
}{
	"columns swapped, added and changed": {
		[]string{"CREATE TABLE a (id INT PRIMARY KEY, a VARCHAR(10), b VARCHAR(10), e ENUM('x','y'))"},
		[]string{
			"INSERT INTO a VALUES (2,'a','b','y')",
			"-ALTER TABLE a RENAME COLUMN a TO b, RENAME COLUMN b TO a", "INSERT INTO a (id,a,b,e) VALUES (3,'a','b','y')",
			"-ALTER TABLE a MODIFY e ENUM('y','x'), ADD COLUMN c INT DEFAULT 4 FIRST", "INSERT INTO a (id,a,b,e) VALUES (4,'a','b','y')",
			"-ALTER TABLE a MODIFY c INT UNSIGNED", "INSERT INTO a (id,c,a,b,e) VALUES (5,4294967295,'a','b','y')", "UPDATE a SET a='z'",
		},
		[]string{
			"c a {2 a b y}", "c a {3 b a y}", "c a {4 4 b a y}", "c a {4294967295 5 b a y}",
			"u a {4 2 a b y} {4 2 a z y}", "u a {4 3 b a y} {4 3 b z y}", "u a {4 4 b a y} {4 4 b z y}", "u a {4294967295 5 b a y} {4294967295 5 b z y}",
		},
	},
	"another key": {
		[]string{"CREATE TABLE a (id INT NOT NULL, k INT NOT NULL, PRIMARY KEY (id))"},
		[]string{
			"INSERT INTO a VALUES (1,2)",
			"-ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (k)", "INSERT INTO a VALUES (3,4)",
			"-ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (k,id)", "INSERT INTO a VALUES (5,6)",
			"-ALTER TABLE a DROP PRIMARY KEY", "INSERT INTO a VALUES (7,8)",
			"-ALTER TABLE a ADD UNIQUE (id)", "INSERT INTO a VALUES (9,10)",
		},
		[]string{"c a {1 2} key 0", "c a {3 4} key 1", "c a {5 6} key 1 0", "c a {7 8}", "c a {9 10} key 0"},
	},
	"a key of the beginnings of columns": {
		[]string{"CREATE TABLE a (v VARCHAR(20) NOT NULL, w VARCHAR(20) NOT NULL, UNIQUE (v(3)))"},
		[]string{"INSERT INTO a VALUES ('abcd','x')", "-ALTER TABLE a ADD PRIMARY KEY (w(2))", "INSERT INTO a VALUES ('bcde','y')", "-ALTER TABLE a DROP PRIMARY KEY", "INSERT INTO a VALUES ('cdef','z')"},
		[]string{"c a {abcd x} key 0", "c a {bcde y} key 1", "c a {cdef z} key 0"},
	},
	"a table made without a word, and changed in the log": {
		[]string{"CREATE TABLE z (id INT PRIMARY KEY)"},
		[]string{
			"-CREATE TABLE a (id INT PRIMARY KEY, s SET('a','b') NOT NULL, d DECIMAL(7,3), v VARCHAR(5) CHARACTER SET latin1)", "INSERT INTO a VALUES (1,'a,b',NULL,'é')",
			"ALTER TABLE a ADD x VARCHAR(5) CHARACTER SET utf16, DROP d", "INSERT INTO a VALUES (2,'b','ü','😀')",
			"-DROP TABLE a", "-CREATE TABLE a (v VARCHAR(9), k BIGINT UNSIGNED NOT NULL PRIMARY KEY)", "INSERT INTO a VALUES ('x',7)",
		},
		[]string{"c a {1 a,b NULL é} key 0", "c a {2 b ü 😀} key 0", "c a {x 7} key 1"},
	},
	"tables swapped": {
		[]string{"CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(3))", "CREATE TABLE b (v VARCHAR(3), id INT PRIMARY KEY)"},
		[]string{"INSERT INTO a VALUES (1,'a')", "-RENAME TABLE a TO c, b TO a, c TO b", "INSERT INTO a VALUES ('b',2)", "INSERT INTO b VALUES (3,'c')"},
		[]string{"c a {1 a} key 0", "c a {b 2} key 1", "c b {3 c} key 0"},
	},
}

// With all metadata in the log, rows have the names, types and keys of their time
// whether or not the definition's changes are in the log, at any distance from
// the server.
func TestSource_unloggedStatements(t *testing.T) {
	for flavor, start := range flavors {
		server := start(t)
		for name, tt := range unlogged {
			for _, behind := range []bool{false, true} {
				t.Run(flavor+" "+where(behind)+" "+name, func(t *testing.T) {
					b := benchOn(t, server, tt.before...)
					x := b.begin(behind, func() { b.exec(hidden(tt.run)...) })
					x.expectKeyed(tt.want...)
					x.stop()
				})
			}
		}
	}
}

// What such a statement may have done to rows is said where its definition shows it.
func TestSource_unloggedStatementsMayChangeRows(t *testing.T) {
	tests := map[string]struct {
		run  []string
		want []string // tables that are not equal
	}{
		"a value for old rows": {[]string{"-ALTER TABLE a ADD c INT DEFAULT 4", "INSERT INTO a (id) VALUES (2)"}, []string{"a"}},
		"swapped":              {[]string{"-ALTER TABLE a RENAME COLUMN v TO w, RENAME COLUMN w TO v", "INSERT INTO a (id) VALUES (2)"}, []string{"a"}},
		"nulls for old rows":   {[]string{"-ALTER TABLE a ADD c INT FIRST, DROP w", "INSERT INTO a (id) VALUES (2)"}, []string{"a"}}, // or w was renamed
		"only nulls":           {[]string{"-ALTER TABLE a ADD c INT, MODIFY v VARCHAR(20)", "INSERT INTO a (id) VALUES (2)"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9), w VARCHAR(9))", "INSERT INTO a VALUES (1,'v','w')", "CREATE TABLE zz (id INT PRIMARY KEY)")
			r := b.follow(hidden(tt.run))
			got := b.notices(r)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("tables that are named: %s", diff)
			}
			for _, n := range b.differing(r) {
				if !slices.Contains(got, n) {
					t.Errorf("table %s differs, and is not named", n)
				}
			}
		})
	}
}

// Without names in the log, nothing is taken for granted.
func TestSource_unloggedStatementWithoutNames(t *testing.T) {
	for _, behind := range []bool{false, true} {
		t.Run(where(behind), func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "SET GLOBAL binlog_row_metadata=MINIMAL")
			t.Cleanup(func() { b.exec("SET GLOBAL binlog_row_metadata=FULL") })
			x := b.begin(behind, func() {
				b.exec(hidden([]string{"-ALTER TABLE a ADD v INT, ADD w INT", "INSERT INTO a VALUES (1,2,3)", "-ALTER TABLE a RENAME COLUMN v TO w, RENAME COLUMN w TO v"})...)
			})
			err := x.end()
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "sql_log_bin=0") || len(x.texts(0, 0)) > 0 {
				t.Errorf("got %v and %v, want a permanent error and no row", err, x.texts(0, 0))
			}
			// The cure that the message names.
			b.exec("SET GLOBAL binlog_row_metadata=FULL")
			anew := b.start(newRecorder(1))
			anew.reading()
			b.exec(hidden([]string{"-ALTER TABLE a RENAME COLUMN v TO w, RENAME COLUMN w TO v", "INSERT INTO a (id,v,w) VALUES (4,5,6)"})...)
			anew.expect(0, "r a {1 2 3}", "c a {4 5 6}")
			anew.stop()
		})
	}
}

func where(behind bool) string {
	if behind {
		return "behind"
	}
	return "beside"
}

// begin runs statements beside a source that reads, or has one read them when all
// of them are done.
func (b *bench) begin(behind bool, statements func()) *run {
	b.Helper()
	r := newRecorder(1)
	if behind {
		b.start(r).stopWhenReading()
		statements()
		return b.start(r)
	}
	x := b.start(r)
	x.reading()
	statements()
	return x
}

// hidden keeps statements that begin with a minus out of the log.
func hidden(statements []string) []string {
	out := []string{"SET NAMES utf8mb4"}
	for _, s := range statements {
		if text, ok := strings.CutPrefix(s, "-"); ok {
			out = append(out, "SET sql_log_bin=0", text, "SET sql_log_bin=1")
		} else {
			out = append(out, s)
		}
	}
	return out
}

// expectKeyed is expect for one sink, with the columns of the key where the wanted
// records have them.
func (x *run) expectKeyed(want ...string) {
	x.b.Helper()
	plain := make([]string, len(want))
	for i, w := range want {
		plain[i], _, _ = strings.Cut(w, " key ")
	}
	x.expect(0, plain...)
	for i, w := range want {
		if !strings.HasSuffix(w, "}") && x.keyed(i) != w {
			x.b.Errorf("record %d is %q, want %q", i, x.keyed(i), w)
		}
	}
}

// keyed is the text of a record with the columns of its key.
func (x *run) keyed(i int) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	text := x.records[i].text
	for n, k := range x.schemas[x.records[i].change.Schema].Key {
		if n == 0 {
			text += " key"
		}
		text += fmt.Sprintf(" %d", k)
	}
	return text
}
