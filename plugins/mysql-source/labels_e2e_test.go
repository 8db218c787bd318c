//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
)

// labelled are tables whose definition the server prints with question marks, or in
// hexadecimal digits; defaults and labels are what SELECT shows.
var labelled = map[string]struct {
	create, insert string
	labels         [][]string // of each column after the first
	defaults       []string
	row            string
}{
	"ENUM and SET": {
		"CREATE TABLE a (id INT PRIMARY KEY, e ENUM('a','😀') DEFAULT '😀', s SET('x','🐚') DEFAULT '🐚', n ENUM('😀','😁') NOT NULL)", "INSERT INTO a (id, n) VALUES (1, '😁')",
		[][]string{{"a", "😀"}, {"x", "🐚"}, {"😀", "😁"}},
		[]string{`"😀"`, `"🐚"`, ""},
		"{1 😀 🐚 😁}",
	},
	"question marks of its own": {
		"CREATE TABLE a (id INT PRIMARY KEY, e ENUM('?','a?','?😀') DEFAULT '?😀', s SET('?','🐚?') NOT NULL DEFAULT '?,🐚?', v VARCHAR(9) DEFAULT 'why?')", "INSERT INTO a (id) VALUES (1)",
		[][]string{{"?", "a?", "?😀"}, {"?", "🐚?"}, nil},
		[]string{`"?😀"`, `"?,🐚?"`, `"why?"`},
		"{1 ?😀 ?,🐚? why?}",
	},
	"other character sets": {
		"CREATE TABLE a (id INT PRIMARY KEY, e ENUM('é','😀b') CHARACTER SET utf16 DEFAULT '😀b', s SET('🐚','ж') CHARACTER SET utf32 DEFAULT '🐚,ж', l ENUM('é','?') CHARACTER SET latin1 DEFAULT 'é')", "INSERT INTO a (id) VALUES (1)",
		[][]string{{"é", "😀b"}, {"🐚", "ж"}, {"é", "?"}},
		[]string{`"😀b"`, `"🐚,ж"`, `"é"`},
		"{1 😀b 🐚,ж é}",
	},
	"texts": {
		"CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9) DEFAULT '😀?', w VARCHAR(9) CHARACTER SET utf16 NOT NULL DEFAULT ' é😀', c CHAR(9) DEFAULT 'it''s\\\\😀')", "INSERT INTO a (id) VALUES (1)",
		[][]string{nil, nil, nil},
		[]string{`"😀?"`, `" é😀"`, `"it's\\😀"`},
		`{1 😀?  é😀 it's\😀}`,
	},
	"texts of other character sets": {
		"CREATE TABLE a (id INT PRIMARY KEY, g VARCHAR(9) CHARACTER SET utf32 DEFAULT '😀', j VARCHAR(9) CHARACTER SET sjis DEFAULT '表?', l CHAR(9) CHARACTER SET latin1 DEFAULT '€?', u VARCHAR(9) CHARACTER SET ucs2 DEFAULT 'ж?', n VARCHAR(9) DEFAULT 'a\\0b?', q VARCHAR(20) DEFAULT '0xF09F9880', e ENUM('0x61','1','?') DEFAULT '1')", "INSERT INTO a (id) VALUES (1)",
		[][]string{nil, nil, nil, nil, nil, nil, {"0x61", "1", "?"}},
		[]string{`"😀"`, `"表?"`, `"€?"`, `"ж?"`, `"a\u0000b?"`, `"0xF09F9880"`, `"1"`},
		"{1 😀 表? €? ж? a\x00b? 0xF09F9880 1}",
	},
	"defaults of bytes": {
		"CREATE TABLE a (id INT PRIMARY KEY, v VARBINARY(9) DEFAULT '😀', w VARBINARY(9) DEFAULT x'ff01', b BINARY(6) DEFAULT '😀?', q VARBINARY(9) DEFAULT '?')", "INSERT INTO a (id) VALUES (1)",
		[][]string{nil, nil, nil, nil},
		[]string{bytesJSON("😀"), bytesJSON("\xff\x01"), bytesJSON("😀?\x00"), `"?"`},
		"{1 f09f9880 ff01 f09f98803f00 3f}",
	},
	"bytes": {
		"CREATE TABLE a (id INT PRIMARY KEY, e ENUM('é','x') CHARACTER SET binary DEFAULT 'é', s SET('é') CHARACTER SET binary, q ENUM('it''s','a\\\\b','?') DEFAULT '?')", "INSERT INTO a (id) VALUES (1)",
		[][]string{{"é", "x"}, {"é"}, {"it's", `a\b`, "?"}},
		[]string{`"é"`, "", `"?"`},
		"{1 é NULL ?}",
	},
	"many": {
		"CREATE TABLE a (id INT PRIMARY KEY, e ENUM(" + quotedLabels(3000) + ") DEFAULT '😀2999', s SET(" + quotedLabels(64) + ") DEFAULT '😀0,😀63')", "INSERT INTO a (id) VALUES (1)",
		[][]string{numberedLabels(3000), numberedLabels(64)},
		[]string{`"😀2999"`, `"😀0,😀63"`},
		"{1 😀2999 😀0,😀63}",
	},
}

func numberedLabels(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("😀%d", i)
	}
	return out
}

// bytesJSON is how Avro writes bytes as a default.
func bytesJSON(s string) string {
	runes := make([]rune, 0, len(s))
	for _, b := range []byte(s) {
		runes = append(runes, rune(b))
	}
	out, _ := json.Marshal(string(runes)) // a string never fails
	return string(out)
}

func quotedLabels(n int) string { return "'" + strings.Join(numberedLabels(n), "','") + "'" }

// Values, labels and defaults are the same in the snapshot, in the stream behind
// it, and in the stream of a table that is made while it runs.
func TestSource_labelsBeyondTheServersText(t *testing.T) {
	for flavor, start := range flavors {
		server := start(t)
		for name, tt := range labelled {
			t.Run(flavor+" "+name, func(t *testing.T) {
				b := benchOn(t, server)
				b.exec("SET NAMES utf8mb4", tt.create, tt.insert)
				r := newRecorder(1)
				x := b.start(r)
				x.reading()
				again := strings.NewReplacer("VALUES (1", "VALUES (2").Replace(tt.insert)
				made := strings.NewReplacer("TABLE a ", "TABLE b ", "INTO a ", "INTO b ")
				b.exec("SET NAMES utf8mb4", again, made.Replace(tt.create), made.Replace(tt.insert))
				second := "{2" + strings.TrimPrefix(tt.row, "{1")
				x.expect(0, "r a "+tt.row, "c a "+second, "c b "+tt.row)
				x.stop()
				for i, rec := range r.records {
					labels, defaults := described(r.schemas[rec.change.Schema])
					if diff := cmp.Diff(tt.labels, labels); diff != "" {
						t.Errorf("labels of record %d: %s", i, diff)
					}
					if diff := cmp.Diff(tt.defaults, defaults); diff != "" {
						t.Errorf("defaults of record %d: %s", i, diff)
					}
				}
			})
		}
	}
}

// described gives labels and defaults of all columns but the first.
func described(s *sdk.RowSchema) (labels [][]string, defaults []string) {
	for _, c := range s.Columns[1:] {
		labels = append(labels, c.Native.Values)
		defaults = append(defaults, string(c.Default))
	}
	return labels, defaults
}

// A table that is made by a query is in the log by the server's own statement,
// which has question marks for such labels: the rows' metadata tells them, or nothing does.
func TestSource_labelsOfATableMadeByAQuery(t *testing.T) {
	for flavor, start := range flavors {
		server := start(t)
		for _, metadata := range []string{"MINIMAL", "FULL"} {
			t.Run(flavor+" "+metadata, func(t *testing.T) {
				b := benchOn(t, server, "SET GLOBAL binlog_row_metadata="+metadata)
				t.Cleanup(func() { b.exec("SET GLOBAL binlog_row_metadata=FULL") })
				b.exec("SET NAMES utf8mb4", "CREATE TABLE a (id INT PRIMARY KEY, e ENUM('?','😀'), s SET('🐚','x'))", "INSERT INTO a VALUES (1, '😀', '🐚')")
				x := b.begin(true, func() { b.exec("CREATE TABLE c SELECT * FROM a", "DROP TABLE c") })
				if metadata == "FULL" {
					x.expect(0, "r a {1 😀 🐚}", "c c {1 😀 🐚}")
					x.stop()
					return
				}
				err := x.end()
				if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "binlog_row_metadata=FULL") || len(x.texts(0, 0)) > 1 {
					t.Errorf("got %v and %v, want a permanent error that names the cure", err, x.texts(0, 0))
				}
			})
		}
	}
}

// Two labels of bytes that are no characters would be one and the same text: a
// table of such labels is refused by name, and can be left out.
func TestSource_labelsThatAreNoText(t *testing.T) {
	for flavor, start := range flavors {
		server := start(t)
		for _, behind := range []bool{false, true} {
			t.Run(flavor+" "+where(behind), func(t *testing.T) {
				b := benchOn(t, server, "CREATE TABLE b (id INT PRIMARY KEY)")
				x := b.begin(behind, func() {
					b.exec("CREATE TABLE a (id INT PRIMARY KEY, e ENUM('\xe8','\xe9') CHARACTER SET binary)", "INSERT INTO a VALUES (1, 1)")
				})
				snapshot := newRecorder(1)
				for _, err := range []error{x.end(), b.readAll(t.Context(), snapshot)} {
					if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `column`) || !strings.Contains(err.Error(), "exclude.tables") {
						t.Errorf("got %v, want a permanent error that names the column and the cure", err)
					}
				}
				if got := append(x.texts(0, 0), snapshot.texts(0, 0)...); len(got) > 0 {
					t.Fatalf("got %v", got)
				}
				b.config.Exclude.Tables = []string{b.db + `\.a`}
				b.exec("INSERT INTO b VALUES (1)")
				for _, r := range []*recorder{x.recorder, snapshot} {
					again := b.start(r)
					again.until(func() bool { return len(r.texts(0, 0)) == 1 })
					again.stop()
				}
			})
		}
	}
}
