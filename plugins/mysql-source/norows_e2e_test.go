//go:build e2e

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
)

// copied is the rows of a table by key, each with its columns by name.
type copied map[string]map[string]string

// keep does to tables what a sink does that keeps their rows.
func keep(r *recorder) map[string]copied {
	r.mu.Lock()
	defer r.mu.Unlock()
	tables := map[string]copied{}
	for _, rec := range r.records {
		s := r.schemas[rec.change.Schema]
		if tables[s.Table] == nil || rec.change.Op == sdk.Truncate {
			tables[s.Table] = copied{}
		}
		if rec.change.OldKey != nil {
			delete(tables[s.Table], string(rec.change.OldKey))
		}
		switch {
		case rec.change.After != nil:
			tables[s.Table][string(rec.change.Key)] = columns(s, rec.change.After)
		case rec.change.Before != nil:
			delete(tables[s.Table], string(rec.change.Key))
		}
	}
	return tables
}

// columns gives the values of a row by their columns' names.
func columns(s *sdk.RowSchema, row []byte) map[string]string {
	out := map[string]string{}
	for i, v := range strings.Split(strings.Trim(show(s, row), "{}"), " ") {
		out[s.Columns[i].Name] = v
	}
	return out
}

// same compares a copy with the source's rows. A copy may have columns that were
// dropped, and lacks those that were added, which is to say that they are null.
func same(had, truth copied) bool {
	for key, row := range truth {
		for name, value := range row {
			if got, ok := had[key][name]; ok && got != value || !ok && value != "NULL" {
				return false
			}
		}
	}
	return len(had) == len(truth)
}

// notices of a source that is opened where r stands.
func (b *bench) notices(r *recorder) []string {
	b.Helper()
	s, err := b.source(prometheus.NewRegistry(), b.Output())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close(b.Context()) }()
	if err := s.Open(b.Context(), r.resume()); err != nil {
		b.Fatal(err)
	}
	var out []string
	for _, n := range s.(sdk.Noticer).Notices() {
		out = append(out, strings.TrimPrefix(n.Subject, "table "+b.db+"."))
	}
	return out
}

// Where a copy by rows differs from the source, its table must be named; where
// it does not, naming it would cost a new copy for nothing.
func TestSource_unequalTables(t *testing.T) {
	const (
		plain = "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(10), n INT)"
		parts = "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(10)) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE)"
		rows  = "INSERT INTO a VALUES (1, 'x', 1), (2, NULL, NULL)"
		three = "INSERT INTO a VALUES (1, 'p0'), (11, 'p1'), (21, 'p2')"
		other = "CREATE TABLE b (id INT PRIMARY KEY, v VARCHAR(10))"
	)
	tests := map[string]struct {
		before, run []string
		want        []string // tables that are not equal
	}{
		"exchange partition":   {[]string{parts, three, other, "INSERT INTO b VALUES (12, 'x')"}, []string{"ALTER TABLE a EXCHANGE PARTITION p1 WITH TABLE b"}, []string{"a", "b"}},
		"truncate partition":   {[]string{parts, three}, []string{"ALTER TABLE a TRUNCATE PARTITION p1"}, []string{"a"}},
		"drop partition":       {[]string{parts, three}, []string{"ALTER TABLE a DROP PARTITION p0"}, []string{"a"}},
		"reorganize":           {[]string{parts, three}, []string{"ALTER TABLE a REORGANIZE PARTITION p2 INTO (PARTITION q VALUES LESS THAN (30), PARTITION r VALUES LESS THAN MAXVALUE)", "ALTER TABLE a REMOVE PARTITIONING", "ALTER TABLE a PARTITION BY KEY(id) PARTITIONS 3", "ALTER TABLE a COALESCE PARTITION 1", "ALTER TABLE a REBUILD PARTITION ALL"}, nil},
		"discard":              {[]string{plain, rows}, []string{"ALTER TABLE a DISCARD TABLESPACE"}, []string{"a"}},
		"truncate":             {[]string{plain, rows}, []string{"TRUNCATE a", "INSERT INTO a VALUES (3, 'y', 3)"}, nil},
		"drop and create":      {[]string{plain, rows}, []string{"DROP TABLE a", plain, "INSERT INTO a VALUES (2, 'y', 3)"}, nil},
		"drop and create like": {[]string{plain, rows, other}, []string{"DROP TABLE a", "CREATE TABLE a LIKE b", "INSERT INTO a VALUES (2, 'y')"}, nil},
		"create if not exists": {[]string{plain, rows}, []string{"CREATE TABLE IF NOT EXISTS a (x INT)"}, nil},
		"renamed in":           {[]string{plain, rows, "CREATE TABLE _x (id INT PRIMARY KEY, v VARCHAR(9))", "INSERT INTO _x VALUES (9, 'q')"}, []string{"RENAME TABLE _x TO c"}, []string{"c"}},
		"swapped":              {[]string{plain, rows, other}, []string{"RENAME TABLE a TO _t, b TO a, _t TO b"}, []string{"a", "b"}},
		"gh-ost":               {[]string{plain, rows}, []string{"CREATE TABLE _a_gho (id INT PRIMARY KEY, v VARCHAR(10), n INT, m INT DEFAULT 7)", "INSERT INTO _a_gho (id, v, n) SELECT * FROM a", "RENAME TABLE a TO _a_del, _a_gho TO a", "DROP TABLE _a_del"}, []string{"a"}},
		"renamed and created":  {[]string{plain, rows}, []string{"RENAME TABLE a TO _a", plain, "INSERT INTO a VALUES (3, 'n', 3)"}, nil},
		"dropped and renamed":  {[]string{plain, rows, "CREATE TABLE _x (id INT PRIMARY KEY, v VARCHAR(9))", "INSERT INTO _x VALUES (9, 'q')"}, []string{"DROP TABLE a", "RENAME TABLE _x TO a"}, []string{"a"}},
		"column with default":  {[]string{plain, rows}, []string{"ALTER TABLE a ADD c INT DEFAULT 4"}, []string{"a"}},
		"column not null":      {[]string{plain, rows}, []string{"ALTER TABLE a ADD c INT NOT NULL"}, []string{"a"}},
		"column generated":     {[]string{plain, rows}, []string{"ALTER TABLE a ADD c INT AS (id + 1)"}, []string{"a"}},
		"column of numbers":    {[]string{plain, rows}, []string{"ALTER TABLE a ADD c INT AUTO_INCREMENT UNIQUE"}, []string{"a"}},
		"column of nulls":      {[]string{plain, rows}, []string{"ALTER TABLE a ADD c INT, ADD d INT NULL DEFAULT NULL FIRST"}, nil},
		"column made anew":     {[]string{plain, rows}, []string{"ALTER TABLE a DROP n, ADD n INT"}, []string{"a"}},
		"column made later":    {[]string{plain, rows}, []string{"ALTER TABLE a DROP n", "INSERT INTO a VALUES (7, 'y')", "ALTER TABLE a ADD n INT"}, []string{"a"}},
		"column of none left":  {[]string{plain, rows}, []string{"ALTER TABLE a DROP n", "TRUNCATE TABLE a", "ALTER TABLE a ADD n INT"}, nil},
		"column dropped":       {[]string{plain, rows}, []string{"ALTER TABLE a DROP n"}, nil},
		"column renamed":       {[]string{plain, rows}, []string{"ALTER TABLE a RENAME COLUMN n TO m"}, []string{"a"}},
		"columns swapped":      {[]string{"CREATE TABLE a (id INT PRIMARY KEY, v INT, n INT)", "INSERT INTO a VALUES (1, 2, 3)"}, []string{"ALTER TABLE a RENAME COLUMN n TO v, RENAME COLUMN v TO n"}, []string{"a"}},
		"text to number":       {[]string{plain, "INSERT INTO a VALUES (1, '007', 1)"}, []string{"ALTER TABLE a MODIFY v INT"}, []string{"a"}},
		"wider":                {[]string{plain, rows}, []string{"ALTER TABLE a MODIFY n BIGINT, MODIFY v TEXT"}, nil},
		"text cut":             {[]string{plain, "INSERT INTO a VALUES (1, 'xxxxxx', 1)"}, []string{"SET sql_mode=''", "ALTER TABLE a MODIFY v VARCHAR(3)"}, []string{"a"}},
		"shorter":              {[]string{plain, rows}, []string{"ALTER TABLE a MODIFY v VARCHAR(3)"}, nil},
		"nulls to zero":        {[]string{plain, rows}, []string{"SET sql_mode=''", "ALTER TABLE a MODIFY n INT NOT NULL"}, []string{"a"}},
		"no nulls":             {[]string{plain, "INSERT INTO a VALUES (1, 'x', 1)"}, []string{"ALTER TABLE a MODIFY n INT NOT NULL"}, nil},
		"labels in order":      {[]string{"CREATE TABLE a (id INT PRIMARY KEY, e ENUM('x','y'))", "INSERT INTO a VALUES (1, 'x'), (2, 'y')"}, []string{"ALTER TABLE a MODIFY e ENUM('z','y','x')"}, nil},
		"labels in other case": {[]string{"CREATE TABLE a (id INT PRIMARY KEY, e ENUM('x','y'))", "INSERT INTO a VALUES (1, 'x'), (2, 'y')"}, []string{"ALTER TABLE a MODIFY e ENUM('X','y')"}, []string{"a"}},
		"set in order":         {[]string{"CREATE TABLE a (id INT PRIMARY KEY, e SET('x','y'))", "INSERT INTO a VALUES (1, 'x,y')"}, []string{"ALTER TABLE a MODIFY e SET('y','x')"}, []string{"a"}},
		"rounded":              {[]string{"CREATE TABLE a (id INT PRIMARY KEY, d DATETIME(3))", "INSERT INTO a VALUES (1, '2020-01-01 00:00:00.600')"}, []string{"ALTER TABLE a MODIFY d DATETIME"}, []string{"a"}},
		"numbers for zeros":    {[]string{"CREATE TABLE a (id INT PRIMARY KEY, n INT NOT NULL UNIQUE)", "INSERT INTO a VALUES (1, 0), (2, 5)"}, []string{"ALTER TABLE a MODIFY n INT AUTO_INCREMENT"}, []string{"a"}},
		"other key":            {[]string{"CREATE TABLE a (id INT PRIMARY KEY, n INT NOT NULL)", "INSERT INTO a VALUES (1, 8), (2, 9)"}, []string{"ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (n)"}, []string{"a"}},
		"text kept":            {[]string{"CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9) CHARSET latin1)", "INSERT INTO a VALUES (1, 'é')"}, []string{"ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4"}, nil},
		"text lost":            {[]string{"CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(9) CHARSET utf8mb4)", "INSERT INTO a VALUES (1, 'é模')"}, []string{"SET sql_mode=''", "ALTER TABLE a CONVERT TO CHARACTER SET latin1"}, []string{"a"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, append(tt.before, "CREATE TABLE zz (id INT PRIMARY KEY)")...)
			r := b.follow(tt.run)
			if diff := cmp.Diff(tt.want, b.notices(r)); diff != "" {
				t.Errorf("tables that are named: %s", diff)
			}
			if name == "discard" {
				return // it can't be read any more
			}
			if diff := cmp.Diff(tt.want, b.differing(r)); diff != "" {
				t.Errorf("tables that differ: %s", diff)
			}
		})
	}
}

// follow returns what a source wrote from a snapshot on to behind statements.
func (b *bench) follow(statements []string) *recorder {
	b.Helper()
	r := newRecorder(1)
	x := b.start(r)
	x.reading()
	b.exec(append(slices.Clone(statements), "INSERT INTO zz VALUES (1)")...)
	x.until(func() bool { return slices.Contains(r.texts(0, 0), "c zz {1}") })
	x.stop()
	return r
}

func TestSource_unequalTablesOfMariaDB(t *testing.T) {
	server, err := servers.MariaDB(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	const (
		plain = "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(10))"
		rows  = "INSERT INTO a VALUES (1, 'x'), (2, 'xxxxxx')"
		parts = "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(10)) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2), PARTITION p1 VALUES LESS THAN (10))"
	)
	tests := map[string]struct {
		before, run []string
		want        []string
	}{
		"create or replace":      {[]string{plain, rows}, []string{"CREATE OR REPLACE TABLE a (id INT PRIMARY KEY, w INT)", "INSERT INTO a VALUES (1, 5)"}, nil},
		"create or replace like": {[]string{plain, rows, "CREATE TABLE b LIKE a"}, []string{"CREATE OR REPLACE TABLE a LIKE b", "INSERT INTO a VALUES (1, 'y')"}, nil},
		"create or replace by a query": {
			[]string{plain, rows}, []string{"CREATE OR REPLACE TABLE a (PRIMARY KEY (id)) AS SELECT 7 AS id, 'q' AS v"}, nil,
		},
		"partition to table": {[]string{parts, rows}, []string{"ALTER TABLE a CONVERT PARTITION p1 TO TABLE b"}, []string{"a", "b"}},
		"table to partition": {
			[]string{parts, rows, "CREATE TABLE b (id INT PRIMARY KEY, v VARCHAR(10))", "INSERT INTO b VALUES (11, 'z')"},
			[]string{"ALTER TABLE a CONVERT TABLE b TO PARTITION p2 VALUES LESS THAN (20)"},
			[]string{"a"},
		},
		"duplicates left out": {
			[]string{"CREATE TABLE a (id INT PRIMARY KEY, v INT)", "INSERT INTO a VALUES (1, 1), (2, 1)"}, []string{"ALTER IGNORE TABLE a ADD UNIQUE (v)"}, []string{"a"},
		},
		"cut":            {[]string{plain, rows}, []string{"ALTER IGNORE TABLE a MODIFY v VARCHAR(3)"}, []string{"a"}},
		"no nulls":       {[]string{plain, "INSERT INTO a VALUES (1, NULL)"}, []string{"ALTER IGNORE TABLE a MODIFY v VARCHAR(10) NOT NULL"}, []string{"a"}},
		"longer":         {[]string{plain, rows}, []string{"ALTER TABLE a MODIFY v VARCHAR(30) NOT NULL"}, nil},
		"default":        {[]string{plain, rows}, []string{"ALTER TABLE a ADD COLUMN c INT DEFAULT 3"}, []string{"a"}},
		"swap":           {[]string{plain, rows, "CREATE TABLE b LIKE a"}, []string{"RENAME TABLE a TO _t, b TO a, _t TO b"}, []string{"a", "b"}},
		"drop partition": {[]string{parts, rows}, []string{"ALTER TABLE a DROP PARTITION IF EXISTS p0"}, []string{"a"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := benchOn(t, server, append(tt.before, "CREATE TABLE zz (id INT PRIMARY KEY)")...)
			r := b.follow(tt.run)
			if diff := cmp.Diff(tt.want, b.notices(r)); diff != "" {
				t.Errorf("tables that are named: %s", diff)
			}
			differing := b.differing(r)
			if name == "table to partition" { // the sink keeps the rows of the table that is gone
				differing = slices.DeleteFunc(differing, func(n string) bool { return n == "b" })
			}
			if diff := cmp.Diff(tt.want, differing); diff != "" {
				t.Errorf("tables that differ: %s", diff)
			}
		})
	}
}

// differing compares what a sink has kept with a copy that is taken now, and
// whose marks must be gone.
func (b *bench) differing(r *recorder) []string {
	b.Helper()
	now := newRecorder(1)
	x := b.start(now)
	x.reading()
	x.stop()
	if left := b.notices(now); left != nil {
		b.Errorf("a new copy is not equal: %v", left)
	}
	had, truth := keep(r), keep(now)
	var out []string
	for name, rows := range truth {
		if !same(had[name], rows) {
			out = append(out, name)
		}
	}
	for name, rows := range had {
		if _, ok := truth[name]; !ok && len(rows) > 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// A sink keeps its marks over a restart; one whose checkpoint is removed has none.
func TestSource_unequalUntilANewCopy(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
	r := newRecorder(2)
	x := b.start(r)
	x.expect(0, "r a {1}")
	x.reading()
	b.exec("ALTER TABLE a ADD c INT DEFAULT 5", "INSERT INTO a VALUES (2, 2)")
	x.expect(1, "r a {1}", "c a {2 2}")
	x.stop()
	sinks := func() []string {
		s, err := b.source(prometheus.NewRegistry(), b.Output())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close(t.Context()) }()
		if err := s.Open(t.Context(), r.resume()); err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, n := range s.(sdk.Noticer).Notices() {
			out = append(out, n.Sinks...)
		}
		return out
	}
	if diff := cmp.Diff([]string{"sink0", "sink1"}, sinks()); diff != "" {
		t.Error(diff)
	}
	delete(r.points, 1) // as leat checkpoint delete does
	x = b.start(r)
	x.expect(1, "r a {1}", "c a {2 2}", "r a {1 5}", "r a {2 2}")
	x.until(func() bool { return len(sinks()) == 1 })
	x.stop()
	if diff := cmp.Diff([]string{"sink0"}, sinks()); diff != "" {
		t.Error(diff)
	}
}

// A crash before the checkpoint of a statement has it told again, once.
func TestSource_unloggedAfterACrash(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
	r := newRecorder(1)
	r.limit = 2 // the snapshot's row and the truncation
	x := b.start(r)
	x.expect(0, "r a {1}")
	b.exec("DROP TABLE a", "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (2)", "ALTER TABLE a ADD c INT DEFAULT 1")
	if err := x.end(); err == nil {
		t.Fatal("it did not crash")
	}
	r.limit = 0
	r.pending = map[int]map[string][]byte{}
	x = b.start(r)
	x.expect(0, "r a {1}", "t a for state only", "c a {2}")
	x.until(func() bool {
		s := r.resume().Sinks[0].Checkpoint.State
		return s["unequal/"+b.db+".a"] != nil && s["gone/"+b.db+".a"] == nil
	})
	x.stop()
}
