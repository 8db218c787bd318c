package definitions

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

var mode = ddl.Mode{Database: "d"}

// newSet captures table d.t, which has one column.
func newSet(t *testing.T) *Set {
	t.Helper()
	s := New(Defaults{Database: ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}}, func(n table.Name) bool { return n.String() == "d.t" })
	apply(t, s, "CREATE TABLE t (id INT PRIMARY KEY)")
	return s
}

func apply(t *testing.T, s *Set, sql string) (keys []string) {
	t.Helper()
	statements, err := ddl.Parse(sql, mode)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range statements {
		_, state, err := s.Apply(st, mode)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, names(state)...)
	}
	return keys
}

func names(state []sdk.StateChange) (keys []string) {
	for _, c := range state {
		if c.Value == nil {
			keys = append(keys, "-"+c.Key)
		} else {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

func TestSet_Apply(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql  string
		want []string
	}{
		"OK alter":                              {"ALTER TABLE t ADD v INT", []string{"table/d.t"}},
		"OK another table of the database":      {"CREATE TABLE u (id INT)", []string{"table/d.u"}},
		"OK a table elsewhere":                  {"CREATE TABLE e.u (id INT)", nil},
		"OK drop":                               {"DROP TABLE t", []string{"-table/d.t"}},
		"OK rename":                             {"RENAME TABLE t TO u", []string{"-table/d.t", "table/d.u"}},
		"OK rename there and back":              {"RENAME TABLE t TO u, u TO t", []string{"-table/d.u", "table/d.t"}},
		"OK truncate changes nothing":           {"TRUNCATE TABLE t", nil},
		"OK database":                           {"ALTER DATABASE d CHARACTER SET latin1", []string{"database/d"}},
		"OK database elsewhere":                 {"CREATE DATABASE e", []string{"database/e"}},
		"OK drop database":                      {"DROP DATABASE d", []string{"-database/d", "-table/d.t"}},
		"OK columns that only the server knows": {"CREATE TABLE u AS SELECT 1 x", []string{"-table/d.u"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, apply(t, newSet(t), tt.sql)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSet_Load(t *testing.T) {
	t.Parallel()
	s := newSet(t)
	apply(t, s, "ALTER TABLE t ADD v VARCHAR(9) CHARACTER SET latin1, ADD UNIQUE (v)")
	state := map[string][]byte{"server": []byte("{}")}
	for _, c := range []sdk.StateChange{s.Put(s.Table(table.Name{Database: "d", Table: "t"})), s.PutDatabase("d", ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"})} {
		state[c.Key] = c.Value
	}
	again := New(Defaults{}, func(table.Name) bool { return false })
	if err := again.Load(state); err != nil {
		t.Fatal(err)
	}
	n := table.Name{Database: "d", Table: "t"}
	if !again.Table(n).Equal(s.Table(n)) {
		t.Errorf("got %+v, want %+v", again.Table(n), s.Table(n))
	}
	for key, value := range map[string]string{"table/d.t": "{", "database/d": "["} {
		if err := again.Load(map[string][]byte{key: []byte(value)}); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("damaged %s: got %v", key, err)
		}
	}
}

func TestSet_Forget(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statement string
		want      []string
	}{
		"OK named":                   {"ALTER TABLE `T` WHATEVER", []string{"-table/db1.t"}},
		"OK by its quoted name":      {"ALTER TABLE `o``dd` WHATEVER", []string{"-table/db1.o`dd"}},
		"OK by its database":         {"DROP DB1", []string{"-table/db1.o`dd", "-table/db1.t"}},
		"OK part of a word":          {"CREATE SPECIAL tt t_ xt ét té WHENEVER db12", nil},
		"OK another space":           {"ALTER TABLE\u00a0t\u00a0WHATEVER", []string{"-table/db1.t"}},
		"OK beside what is not read": {"ALTER TABLE \ufffdt WHATEVER", []string{"-table/db1.t"}},
		"OK its database's defaults": {"ALTER DATABASE db1 WHATEVER", []string{"-table/db1.o`dd", "-table/db1.t", "database/db1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New(Defaults{Database: ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}}, func(table.Name) bool { return true })
			apply(t, s, "CREATE TABLE db1.t (id INT)")
			apply(t, s, "CREATE TABLE db1.`o``dd` (id INT)")
			apply(t, s, "CREATE DATABASE db1")
			apply(t, s, "CREATE DATABASE db2")
			forgotten, state := s.Forget(Suspect{Text: tt.statement})
			if diff := cmp.Diff(tt.want, names(state)); diff != "" {
				t.Error(diff)
			}
			for _, n := range forgotten {
				if s.Table(n) != nil {
					t.Errorf("%s is still known", n)
				}
			}
		})
	}
}

// What cannot be read may stand for any name.
func TestSet_Forget_unclear(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"OK of the session's database": {"ALTER TABLE `\ufffd` RENAME COLUMN a TO b", []string{"-table/db1.t", "-table/db1.u"}},
		"OK and what is named":         {"RENAME TABLE `\ufffd` TO v", []string{"-table/db1.t", "-table/db1.u", "-table/db2.v"}},
		"OK of any database":           {"ALTER TABLE `\ufffd`.`\ufffd` ADD b INT", []string{"-table/db1.t", "-table/db1.u", "-table/db2.v"}},
		"OK any database":              {"DROP DATABASE `\ufffd`", []string{"-table/db1.t", "-table/db1.u", "-table/db2.v", "database/db1", "database/db2"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New(Defaults{Database: ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}}, func(table.Name) bool { return true })
			for _, sql := range []string{"CREATE DATABASE db1", "CREATE DATABASE db2", "CREATE TABLE db1.t (id INT)", "CREATE TABLE db1.u (id INT)", "CREATE TABLE db2.v (id INT)"} {
				apply(t, s, sql)
			}
			_, state := s.Forget(Suspect{Text: tt.text, Unclear: true, Database: "db1"})
			got := names(state)
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A table takes no character set from a database whose own is not known.
func TestSet_Apply_databaseDefaults(t *testing.T) {
	t.Parallel()
	all := func(table.Name) bool { return true }
	first := New(Defaults{}, all)
	mode := ddl.Mode{ServerCharset: "cp1251"}
	state := map[string][]byte{}
	run := func(s *Set, sql string) error {
		statements, err := ddl.Parse(sql, mode)
		if err != nil {
			t.Fatal(err)
		}
		_, changes, err := s.Apply(statements[0], mode)
		for _, c := range changes {
			state[c.Key] = c.Value
		}
		return err
	}
	if err := run(first, "CREATE DATABASE d"); err != nil {
		t.Fatal(err)
	}
	s := New(Defaults{}, all)
	if err := s.Load(state); err != nil {
		t.Fatal(err)
	}
	name := table.Name{Database: "d", Table: "t"}
	if err := run(s, "CREATE TABLE d.t (id TEXT)"); err != nil || s.Table(name).Columns[0].Charset != "cp1251" {
		t.Errorf("got %v, %+v", err, s.Table(name))
	}
	s.Forget(Suspect{Text: "ALTER DATABASE d FROBNICATE"})
	if err := run(s, "CREATE TABLE d.t (id TEXT)"); err == nil {
		t.Errorf("the table took a character set: %+v", s.Table(name))
	}
	if err := run(s, "CREATE TABLE d.t (id INT, v TEXT CHARACTER SET latin1)"); err != nil {
		t.Error(err)
	}
}

func TestSet_Load_tablesWhoseNamesHaveDots(t *testing.T) {
	t.Parallel()
	all := func(table.Name) bool { return true }
	state, s := map[string][]byte{}, New(Defaults{}, all)
	names := []table.Name{{Database: "a", Table: "b.c"}, {Database: "a.b", Table: "c"}}
	for _, n := range names {
		c := s.Put(&table.Table{Database: n.Database, Name: n.Table})
		state[c.Key] = c.Value
	}
	again := New(Defaults{}, all)
	if err := again.Load(state); err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if again.Table(n) == nil {
			t.Errorf("table %q of %q is lost", n.Table, n.Database)
		}
	}
}
