package snapshot

import (
	"errors"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/sdk"
)

// writer keeps the marks of what is written.
type writer struct {
	stream.Writer
	marks  []sdk.Snapshot
	values string
}

func (w *writer) Change(c *sdk.Change, _ sdk.Position) error {
	w.marks = append(w.marks, c.Snapshot)
	w.values += string(c.After)
	return nil
}

func TestMarker(t *testing.T) {
	t.Parallel()
	const (
		first, inTable, yes = sdk.SnapshotFirst, sdk.SnapshotFirstInTable, sdk.SnapshotTrue
		lastInTable, last   = sdk.SnapshotLastInTable, sdk.SnapshotLast
	)
	tests := map[string]struct {
		tables []string // a letter is a row
		want   []sdk.Snapshot
	}{
		"OK no table":            {nil, nil},
		"OK empty tables":        {[]string{"", ""}, nil},
		"OK one row":             {[]string{"a"}, []sdk.Snapshot{last}},
		"OK two rows":            {[]string{"ab"}, []sdk.Snapshot{first, last}},
		"OK tables":              {[]string{"abc", "def"}, []sdk.Snapshot{first, yes, lastInTable, inTable, yes, last}},
		"OK last table is empty": {[]string{"ab", ""}, []sdk.Snapshot{first, last}},
		"OK tables of one row":   {[]string{"a", "", "b", "c"}, []sdk.Snapshot{first, lastInTable, last}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &writer{}
			m := marker{w: w}
			want := ""
			for i, rows := range tt.tables {
				m.table(sdk.SchemaID(i + 1))
				for _, r := range rows {
					next := m.next()
					next.Value = append(next.Value[:0], byte(r))
					if err := m.add(); err != nil {
						t.Fatal(err)
					}
				}
				want += rows
			}
			if err := m.end(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, w.marks); diff != "" {
				t.Error(diff)
			}
			if w.values != want {
				t.Errorf("rows are %q, want %q", w.values, want)
			}
		})
	}
}

// counter counts rows and keeps none.
type counter struct {
	stream.Writer
	rows int
}

func (c *counter) Change(*sdk.Change, sdk.Position) error {
	c.rows++
	return nil
}

// BenchmarkCopy goes from the values of a row, as the server's answer is read, to
// what is written of it.
func BenchmarkCopy(b *testing.B) {
	def, err := ddl.ParseTable("d", "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(60) NOT NULL, note TEXT)", ddl.Mode{})
	if err != nil {
		b.Fatal(err)
	}
	plan, err := row.Compile(def, nil)
	if err != nil {
		b.Fatal(err)
	}
	values := []mysql.FieldValue{
		mysql.NewFieldValue(mysql.FieldValueTypeSigned, 4711, nil),
		mysql.NewFieldValue(mysql.FieldValueTypeString, 0, []byte("somebody with a name")),
		{},
	}
	w := &counter{}
	m := marker{w: w}
	m.table(1)
	b.ReportAllocs()
	for b.Loop() {
		if err := plan.FromText(values, m.next()); err != nil {
			b.Fatal(err)
		}
		if err := m.add(); err != nil {
			b.Fatal(err)
		}
	}
	if w.rows != b.N-1 {
		b.Fatalf("%d rows of %d were written", w.rows, b.N)
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ sql, want string }{
		"OK primary key":      {"CREATE TABLE `t``x` (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (b, a))", "SELECT LIST FROM `d`.`t``x` ORDER BY `b`, `a`"},
		"OK no key":           {"CREATE TABLE t (a INT)", "SELECT LIST FROM `d`.`t`"},
		"OK part of a column": {"CREATE TABLE t (a VARCHAR(9) NOT NULL, PRIMARY KEY (a(3)))", "SELECT LIST FROM `d`.`t`"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def, err := ddl.ParseTable("d", tt.sql, ddl.Mode{})
			if err != nil {
				t.Fatal(err)
			}
			plan, err := row.Compile(def, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := "SELECT " + plan.SelectList() + tt.want[len("SELECT LIST"):]
			if diff := cmp.Diff(want, query(&source{def: def, plan: plan}, "ASC")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExplainLock(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code      uint16
		transient bool
	}{
		"OK timeout":  {mysql.ER_LOCK_WAIT_TIMEOUT, true},
		"OK refused":  {mysql.ER_DBACCESS_DENIED_ERROR, false},
		"OK whatever": {mysql.ER_SERVER_SHUTDOWN, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cause := &mysql.MyError{Code: tt.code}
			err := explainLock(cause)
			if sdk.IsTransient(err) != tt.transient || !errors.Is(err, cause) {
				t.Errorf("got %v, transient %v", err, sdk.IsTransient(err))
			}
		})
	}
}
