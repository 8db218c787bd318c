//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// Rows of a table that the filter captures later are in no log: the source does
// not start, unless it is told to go on without them.
func TestSource_widenedFilter(t *testing.T) {
	tests := map[string]struct {
		change func(*bench)
		want   string // named in the refusal
	}{
		"tables included":            {func(b *bench) { b.config.Include.Tables = []string{b.db + `\.(a|b|nothing)`} }, "DB.b"},
		"columns no longer excluded": {func(b *bench) { b.config.Exclude.Columns = nil }, "DB.a (columns v)"},
		"old checkpoint": {func(b *bench) {
			b.config.Include.Tables = []string{b.db + `\.a`, b.db + `_2\.b`}
		}, "DB_2.b"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY, v INT)", "CREATE TABLE b (id INT PRIMARY KEY)", "CREATE TABLE nothing (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1, 2)", "INSERT INTO b VALUES (1)")
			t.Cleanup(func() { b.exec("DROP DATABASE IF EXISTS " + b.db + "_2") })
			b.exec("DROP DATABASE IF EXISTS "+b.db+"_2", "CREATE DATABASE "+b.db+"_2", "CREATE TABLE "+b.db+"_2.b (id INT PRIMARY KEY)", "INSERT INTO "+b.db+"_2.b VALUES (1)")
			b.config.Include.Tables = []string{b.db + `\.a`}
			b.config.Exclude.Columns = []string{b.db + `\.a\.v`}
			r := newRecorder(1)
			x := b.start(r)
			x.expect(0, "r a {1}")
			x.stopWhenReading()
			if name == "old checkpoint" {
				delete(r.points[0].State, "filter")
				delete(r.points[0].State, "database/"+b.db+"_2") // nor did it have databases without a captured table
			}
			tt.change(b)
			err := b.readAll(t.Context(), r)
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), strings.ReplaceAll(tt.want, "DB", b.db)) || !strings.Contains(err.Error(), "snapshot.new_tables") {
				t.Fatalf("got %v, want a refusal that names %s", err, tt.want)
			}
			b.config.Snapshot.NewTables = "skip"
			x = b.start(r)
			x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") })
			b.exec("INSERT INTO a VALUES (3, 4)")
			x.until(func() bool { return len(x.texts(0, 0)) == 2 && r.atCommit() })
			x.stop()
			if log := b.log.String(); !strings.Contains(log, "snapshot.new_tables: skip") {
				t.Errorf("no warning names what is left out: %s", log)
			}
			b.config.Snapshot.NewTables = "refuse" // the filter is recorded now
			x = b.start(r)
			x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") })
			x.stop()
		})
	}
}

// A filter that captures more, but nothing that had rows, is no fault: all of it
// is in the log.
func TestSource_widenedFilter_nothingMissing(t *testing.T) {
	for name, change := range map[string]func(*bench){
		"an empty table": func(b *bench) { b.exec("CREATE TABLE b (id INT PRIMARY KEY)") },
		"no_data": func(b *bench) {
			b.config.Snapshot.Mode = "no_data"
			b.exec("CREATE TABLE b (id INT PRIMARY KEY)", "INSERT INTO b VALUES (0)")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
			b.config.Include.Tables = []string{b.db + `\.a`}
			change(b)
			r := newRecorder(1)
			b.start(r).stopWhenReading()
			b.config.Include.Tables = append(b.config.Include.Tables, b.db+`\.b`)
			x := b.start(r)
			x.until(func() bool { return strings.Contains(b.log.String(), "reading the binary log") })
			b.exec("INSERT INTO b VALUES (1)")
			x.expect(0, "c b {1}")
			x.stop()
		})
	}
}

// Deletes of the time for which a table was left out are nowhere: an empty table
// is refused then too, until the file says to go on.
func TestSource_widenedFilter_leftOut(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)", "INSERT INTO b VALUES (1)")
	narrow, wide := []string{b.db + `\.a`}, []string{b.db + `\.(a|b)`}
	r := newRecorder(1)
	run := func(tables []string, newTables string, insert string) {
		t.Helper()
		b.config.Include.Tables, b.config.Snapshot.NewTables = tables, newTables
		x := b.start(r)
		x.reading()
		n := len(x.texts(0, 0))
		b.exec("INSERT INTO a VALUES (" + insert + ")")
		x.until(func() bool { return len(x.texts(0, 0)) > n && r.atCommit() })
		x.stop()
	}
	run(wide, "refuse", "1")
	run(narrow, "refuse", "2")
	run(narrow, "refuse", "3")
	b.exec("DELETE FROM b")
	b.config.Include.Tables = wide
	if err := b.readAll(t.Context(), r); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), b.db+".b (left out for a time") {
		t.Fatalf("got %v, want a refusal that names the table", err)
	}
	run(wide, "skip", "4")
	run(wide, "refuse", "5")
	for k := range r.points[0].State {
		if strings.HasPrefix(k, "left/") {
			t.Errorf("the state still has %s", k)
		}
	}
}

// Mode no_data says for all tables that rows are not wanted, yet an earlier start
// may have copied some: what is lacking is named.
func TestSource_widenedFilter_noDataLater(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1)")
	b.config.Include.Tables = []string{b.db + `\.a`}
	r := newRecorder(1)
	b.start(r).stopWhenReading()
	b.config.Include.Tables, b.config.Snapshot.Mode = []string{b.db + `\.(a|b)`}, "no_data"
	x := b.start(r)
	x.until(func() bool { return strings.Contains(b.log.String(), "the filter captures more than before") })
	x.stop()
	if !strings.Contains(b.log.String(), b.db+".b") {
		t.Errorf("the table is not named: %s", b.log.String())
	}
}
