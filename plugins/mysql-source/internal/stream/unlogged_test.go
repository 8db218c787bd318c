package stream

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
)

// statements is a log of statements, each a transaction of its own, from the
// second on.
func statements(sql ...string) *binlogtest.Log {
	l := begin()
	for i, text := range sql {
		l.GTID(id(int64(i+2)), 5_000_123).Query(9, "d", text)
	}
	return l
}

var at = regexp.MustCompile(` at \d+\.\d+`)

// told is what a stream wrote, without definitions, positions and places.
func told(r *recorder) []string {
	var out []string
	for _, line := range r.lines {
		line = at.ReplaceAllString(line, "")
		for _, prefix := range []string{"t ", "c ", "state unequal/", "state -unequal/", "state gone/", "state -gone/", "state dropped/", "state -dropped/"} {
			if strings.HasPrefix(line, prefix) {
				out = append(out, line)
			}
		}
	}
	return out
}

func TestStream_unlogged(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mode Truncate
		log  *binlogtest.Log
		want []string
	}{
		"TRUNCATE is for state only": {
			TruncateAuto, statements("TRUNCATE TABLE t"),
			[]string{"t time 5000123 skip 0 state only true for 1"},
		},
		"TRUNCATE for all, at Debezium's time": {
			TruncateEmit, statements("TRUNCATE TABLE t"),
			[]string{"t time 5000000 skip 0 state only false for 1"},
		},
		"TRUNCATE for none": {TruncateSkip, statements("TRUNCATE TABLE t"), []string{"state unequal/d.t"}},
		"TRUNCATE of what is not captured": {
			TruncateAuto, statements("CREATE TABLE _x (id INT)", "TRUNCATE TABLE _x", "ALTER TABLE _x ADD c INT DEFAULT 1", "DROP TABLE _x", "CREATE TABLE _x (id INT)"), nil,
		},
		"TRUNCATE makes equal": {
			TruncateAuto, statements("ALTER TABLE t ADD c INT DEFAULT 1", "TRUNCATE TABLE t"),
			[]string{"state unequal/d.t", "state -unequal/d.t", "t time 5000123 skip 0 state only true for 1"},
		},
		"DROP and CREATE": {
			TruncateAuto, statements("DROP TABLE t", "CREATE TABLE t (id INT)"),
			[]string{"state gone/d.t", "state -gone/d.t", "t time 5000123 skip 0 state only true for 1"},
		},
		"DROP and CREATE are no record of a log in any mode": {
			TruncateEmit, statements("DROP TABLE t", "CREATE TABLE t LIKE _y"),
			[]string{"state gone/d.t", "state unequal/d.t"}, // what it is like is not known yet
		},
		"DROP and CREATE for none": {
			TruncateSkip, statements("DROP TABLE t", "CREATE TABLE t (id INT)"),
			[]string{"state gone/d.t", "state -gone/d.t", "state unequal/d.t"},
		},
		"DROP makes the mark needless": {
			TruncateAuto, statements("ALTER TABLE t DROP PARTITION p", "DROP TABLE t"),
			[]string{"state unequal/d.t", "state -unequal/d.t", "state gone/d.t"},
		},
		"DROP DATABASE and CREATE": {
			TruncateAuto, statements("DROP DATABASE d", "CREATE DATABASE d", "CREATE TABLE IF NOT EXISTS t (id INT)"),
			[]string{"state gone/d.t", "state -gone/d.t", "t time 5000123 skip 0 state only true for 1"},
		},
		"DROP DATABASE with a table that could not be followed": {
			TruncateAuto, statements("ALTER TABLE t FROB (", "DROP DATABASE d"),
			[]string{"state unequal/d.t", "state -unequal/d.t", "state gone/d.t"},
		},
		"CREATE of a table that was not there": {TruncateAuto, statements("CREATE TABLE u (id INT)"), nil},
		"CREATE IF NOT EXISTS of one that is":  {TruncateAuto, statements("CREATE TABLE IF NOT EXISTS t (id INT)"), nil},
		"CREATE OR REPLACE": {
			TruncateAuto, statements("CREATE OR REPLACE TABLE t (id INT)"),
			[]string{"t time 5000123 skip 0 state only true for 1"},
		},
		"DROP of what was never there": {TruncateAuto, statements("DROP TABLE IF EXISTS u", "CREATE TABLE u (id INT)"), nil},
		"DROP of a temporary table":    {TruncateAuto, statements("DROP TEMPORARY TABLE t"), nil},
		"RENAME away and CREATE": {
			TruncateAuto, statements("RENAME TABLE t TO _t", "CREATE TABLE t (id INT)"),
			[]string{"state gone/d.t", "state unequal/d.t", "state -unequal/d.t", "state -gone/d.t", "t time 5000123 skip 0 state only true for 1"},
		},
		"DROP and RENAME in": {
			TruncateAuto, statements("CREATE TABLE _x (id INT)", "DROP TABLE t", "RENAME TABLE _x TO t"),
			[]string{"state gone/d.t", "state -gone/d.t", "t time 5000123 skip 0 state only true for 1", "state unequal/d.t"},
		},
		"gh-ost's swap keeps the rows": {
			TruncateAuto, statements("CREATE TABLE _t_gho (id INT, n INT)", "RENAME TABLE t TO _t_del, _t_gho TO t", "DROP TABLE _t_del"),
			[]string{"state unequal/d.t"},
		},
		"a swap in two steps keeps the rows": {
			TruncateAuto, statements("CREATE TABLE _n (id INT)", "RENAME TABLE t TO _o", "RENAME TABLE _n TO t"),
			[]string{"state gone/d.t", "state unequal/d.t", "state -gone/d.t"},
		},
		"EXCHANGE PARTITION with what is not captured": {
			TruncateAuto, statements("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE _x"), []string{"state unequal/d.t"},
		},
		"REORGANIZE PARTITION":   {TruncateAuto, statements("ALTER TABLE t REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (1))"), nil},
		"a column made again":    {TruncateAuto, statements("ALTER TABLE t ADD x INT", "ALTER TABLE t DROP x", "ALTER TABLE t ADD X INT"), []string{"state dropped/d.t", "state unequal/d.t"}},
		"another column":         {TruncateAuto, statements("ALTER TABLE t ADD x INT", "ALTER TABLE t DROP x", "ALTER TABLE t ADD y INT"), []string{"state dropped/d.t"}},
		"a second cause":         {TruncateAuto, statements("ALTER TABLE t DROP PARTITION p", "ALTER TABLE t DROP PARTITION q"), []string{"state unequal/d.t"}},
		"a statement of no DDL":  {TruncateAuto, statements("FLUSH TABLES", "ANALYZE TABLE t"), nil},
		"a column without value": {TruncateAuto, statements("ALTER TABLE t ADD c INT"), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r := newStream(t, func(x *Settings) { x.Truncate = tt.mode })
			if err := play(t, s, tt.log); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, told(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// MySQL 8.0.21 logs a CREATE TABLE of a query and its rows as one transaction.
func TestStream_emptiesBeforeTheFirstRow(t *testing.T) {
	t.Parallel()
	rows := func(l *binlogtest.Log) *binlogtest.Log {
		return l.TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Xid()
	}
	tests := map[string]struct {
		log  *binlogtest.Log
		want []string
	}{
		"in the transaction of the CREATE": {
			rows(statements("DROP TABLE t").GTID(id(3), 5_000_123).Query(9, "d", "BEGIN").Query(9, "d", "CREATE TABLE t (id INT) START TRANSACTION")),
			[]string{
				"state gone/d.t", "state -gone/d.t", "t time 5000123 skip 0 state only true for 1",
				"c  0202 time 5000123 thread 9 skip 1",
			},
		},
		"of a table whose columns only its rows tell": {
			rows(statements("RENAME TABLE t TO _t", "CREATE TABLE t AS SELECT 1").GTID(id(4), 5_000_123).Query(9, "d", "BEGIN")),
			[]string{
				"state gone/d.t", "state unequal/d.t", "state gone/d.t",
				"state -unequal/d.t", "state -gone/d.t", "t time 5000123 skip 0 state only true for 1",
				"c  0202 time 5000123 thread 9 skip 1",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r := newStream(t, func(x *Settings) { x.Truncate = TruncateAuto })
			s.define = func(context.Context, table.Name) (*proof, error) {
				return &proof{table: define(t, "CREATE TABLE t (id INT)"), before: executed(4), after: executed(4), changed: server.Changed{At: 1, Server: 7}}, nil
			}
			if err := play(t, s, tt.log); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, told(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// All events of a compressed transaction have its place, so that a row could not
// be told from what comes before it.
func TestStream_emptiesBeforeRowsOfACompressedTransaction(t *testing.T) {
	t.Parallel()
	s, r := newStream(t, func(x *Settings) { x.Truncate = TruncateAuto })
	s.unequal.Leave(unequal.Gone{Table: table.Name{Database: "d", Table: "t"}})
	l := begin().GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Xid().Compress(3)
	if err := play(t, s, l); err != nil {
		t.Fatal(err)
	}
	var truncated, row int
	for _, line := range r.lines {
		_, _ = fmt.Sscanf(line, "t at %d.", &truncated)
		_, _ = fmt.Sscanf(line, "c  0202 at %d.", &row)
	}
	if truncated == 0 || truncated >= row {
		t.Errorf("the truncation is at %d, the row at %d", truncated, row)
	}
}

// Each sink is told of what it has not passed, and has marks of its own.
func TestStream_unloggedBySink(t *testing.T) {
	t.Parallel()
	s, r := newStream(t, func(x *Settings) { x.Truncate = TruncateAuto })
	in := id(4)
	s.machine = transaction.New(transaction.Start{Server: uuid.String(), Executed: executed(1), Sinks: []transaction.Progress{
		{Done: position.Position{GTID: executed(1)}},
		{Done: position.Position{GTID: executed(3), In: &in}, Skip: 1}, // it has the first row of the fourth
	}})
	s.unequal = unequal.New([]string{"a", "b"})
	l := statements("ALTER TABLE t DROP PARTITION p", "DROP TABLE t").GTID(id(4), 5_000_123).Query(9, "d", "BEGIN").
		Query(9, "d", "CREATE TABLE t (id INT) START TRANSACTION").TableMap(1, "d", "t", number).
		Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1), image(2)).Xid().
		GTID(id(5), 5_000_123).Query(9, "d", "TRUNCATE t").GTID(id(6), 5_000_123).Query(9, "d", "ALTER TABLE t TRUNCATE PARTITION p")
	if err := play(t, s, l); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"state unequal/d.t", "state -unequal/d.t", "state gone/d.t",
		"state -gone/d.t", "t time 5000123 skip 0 state only true for 1",
		"c  0202 time 5000123 thread 9 skip 1", "c  0204 time 5000123 thread 9 skip 2",
		"t time 5000123 skip 0 state only true for 11", "state unequal/d.t",
	}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 1}, s.unequal.Counts()); diff != "" {
		t.Error(diff)
	}
}

// A mark is told to the sinks that lack it; rows go to all that need them again.
func TestStream_rowsBehindAMarkGoToAll(t *testing.T) {
	t.Parallel()
	s, r := newStream(t, func(x *Settings) { x.Truncate = TruncateAuto })
	s.machine = transaction.New(transaction.Start{Server: uuid.String(), Executed: executed(1), Sinks: []transaction.Progress{
		{Done: position.Position{GTID: executed(1)}}, {Done: position.Position{GTID: executed(1)}},
	}})
	s.unequal = unequal.New([]string{"a", "b"})
	u := table.Name{Database: "d", Table: "u"}
	s.unequal.Leave(unequal.Gone{Table: u, Renamed: true})
	s.unequal.Mark(1, unequal.Mark{Table: u})
	def := define(t, "CREATE TABLE u (id INT)")
	s.defs.Put(def)
	l := begin().GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).
		TableMap(2, "d", "u", number).Rows(replication.WRITE_ROWS_EVENTv2, 2, 1, image(2))
	if err := play(t, s, l); err != nil {
		t.Fatal(err)
	}
	if r.sinks != 3 {
		t.Errorf("the last row went to %b", r.sinks)
	}
}

func TestStream_unloggedConcernsWhatIsCaptured(t *testing.T) {
	t.Parallel()
	f, err := filter.New(filter.Patterns{Databases: []string{"d"}}, filter.Patterns{Tables: []string{`.*\._.*`}, Columns: []string{`.*\.secret`}})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		log  *binlogtest.Log
		want []string
	}{
		"a column that is left out":       {statements("ALTER TABLE t ADD secret INT DEFAULT 1"), nil},
		"a column beside one":             {statements("ALTER TABLE t ADD secret INT DEFAULT 1, ADD c INT DEFAULT 1"), []string{"state unequal/d.t"}},
		"a table in a statement not read": {statements("CREATE TABLE _x (id INT)", "ALTER TABLE _x FROB ("), nil},
		"a name in another case":          {statements("ALTER TABLE o.p EXCHANGE PARTITION q WITH TABLE d.T"), []string{"state unequal/d.t"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r := newStream(t, func(x *Settings) { x.Filter = f })
			s.facts.Variables = map[string]string{"lower_case_table_names": "1"}
			if err := play(t, s, tt.log); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, told(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A sequence is no table whose rows anybody has.
func TestStream_unloggedOfSequences(t *testing.T) {
	t.Parallel()
	s, r := newStream(t, func(x *Settings) { x.Truncate = TruncateAuto })
	s.facts.MariaDB = true
	if err := play(t, s, statements("CREATE SEQUENCE q", "RENAME TABLE q TO p", "DROP SEQUENCE p", "CREATE TABLE p (id INT)")); err != nil {
		t.Fatal(err)
	}
	if got := told(r); len(got) > 0 {
		t.Errorf("sequences are told of as tables: %v", got)
	}
}
