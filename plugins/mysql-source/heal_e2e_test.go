//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// A table that is captured only from now on has no definition in the checkpoint.
func TestSource_definitionMissing(t *testing.T) {
	tests := map[string]struct {
		metadata string
		run      []string
		want     string // of the error, empty for none
	}{
		"OK the log tells":                 {"FULL", []string{"INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')"}, ""},
		"OK it is the last transaction":    {"MINIMAL", []string{"DO SLEEP(1.1)", "BEGIN", "INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')", "COMMIT"}, ""},
		"no proof":                         {"MINIMAL", []string{"INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')"}, "binlog_row_metadata=FULL"},
		"swapped without a word":           {"MINIMAL", []string{"ALTER TABLE a ADD w VARCHAR(9) FIRST", "DO SLEEP(1.1)", "BEGIN", "INSERT INTO a VALUES ('w', 1, 'x')", "COMMIT", "SET sql_log_bin=0", "ALTER TABLE a RENAME COLUMN v TO w, RENAME COLUMN w TO v"}, "without a word in the log"},
		"OK the log tells of another time": {"FULL", []string{"INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')", "ALTER TABLE a RENAME COLUMN v TO w, ADD u INT"}, ""},
		"OK the table is gone":             {"FULL", []string{"INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')", "DROP TABLE a"}, ""},
		"OK the columns are swapped since": {"FULL", []string{"CREATE TABLE c LIKE a", "INSERT INTO a VALUES (1, 'x')", "INSERT INTO a VALUES (2, 'y')", "RENAME TABLE a TO d, c TO a", "ALTER TABLE a MODIFY v INT FIRST"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9))", "SET GLOBAL binlog_row_metadata="+tt.metadata)
			t.Cleanup(func() { b.exec("SET GLOBAL binlog_row_metadata=FULL") })
			r := newRecorder(1)
			b.start(r).stopWhenReading()
			for key := range r.points[0].State {
				if strings.HasPrefix(key, "table/") {
					delete(r.points[0].State, key)
				}
			}
			b.exec(tt.run...)
			if tt.want != "" {
				err := b.readAll(t.Context(), r)
				if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) || len(r.texts(0, 0)) > 0 {
					t.Errorf("got %v and %v, want a permanent error that names %s", err, r.texts(0, 0), tt.want)
				}
				return
			}
			x := b.start(r)
			x.expect(0, "c a {1 x}", "c a {2 y}")
			x.stop()
			if s := r.schemas[r.records[0].change.Schema]; s.Columns[0].Name != "id" || s.Columns[1].Name != "v" || len(s.Key) != 1 {
				t.Errorf("the schema is %+v", s)
			}
		})
	}
}

// A definition that an earlier release read with question marks is mended by the
// log's own labels.
func TestSource_labelsLostBefore(t *testing.T) {
	b := newBench(t)
	b.exec("SET NAMES utf8mb4", "CREATE TABLE a (id INT PRIMARY KEY, e ENUM('a','😀') DEFAULT '😀', s SET('x','🐚') NOT NULL)")
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	key := "table/" + b.db + ".a"
	state := string(r.points[0].State[key])
	lost := strings.NewReplacer("😀", "?", "🐚", "?").Replace(state)
	if lost == state {
		t.Fatalf("the definition has no such label: %s", state)
	}
	r.points[0].State[key] = []byte(lost)
	b.exec("SET NAMES utf8mb4", "INSERT INTO a (id, s) VALUES (1, '🐚')", "DROP TABLE a")
	x := b.start(r)
	x.expect(0, "c a {1 😀 🐚}")
	x.stop()
}

func TestSource_statement(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	b.config.IncludeQuery = true
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec("SET SESSION binlog_rows_query_log_events=ON", "INSERT INTO a VALUES (1)", "BEGIN", "INSERT INTO a VALUES (2)", "UPDATE a SET id = 3 WHERE id = 2", "COMMIT")
	x.expect(0, "c a {1}", "c a {2}", "u a {2} {3}")
	x.stop()
	for i, want := range []string{"INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)", "UPDATE a SET id = 3 WHERE id = 2"} {
		o := r.records[i].origin
		if o.Query != want || o.Thread == 0 || o.Server == 0 || o.Time == 0 || !strings.Contains(o.Transaction, ":") {
			t.Errorf("origin %d is %+v", i, o)
		}
	}
}

// The records of a snapshot say which of them they are.
func TestSource_snapshotMarks(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)", "CREATE TABLE c (id INT PRIMARY KEY)", "CREATE TABLE d (id INT PRIMARY KEY)",
		"INSERT INTO a VALUES (1), (2), (3)", "INSERT INTO b VALUES (1)", "INSERT INTO c VALUES (1), (2)")
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	want := []sdk.Snapshot{sdk.SnapshotFirst, sdk.SnapshotTrue, sdk.SnapshotLastInTable, sdk.SnapshotLastInTable, sdk.SnapshotFirstInTable, sdk.SnapshotLast}
	for i, rec := range r.records {
		if rec.change.Snapshot != want[i] {
			t.Errorf("record %d (%s) is marked %d, want %d", i, rec.text, rec.change.Snapshot, want[i])
		}
	}
	if len(r.records) != len(want) {
		t.Errorf("got %d records, want %d", len(r.records), len(want))
	}
}
