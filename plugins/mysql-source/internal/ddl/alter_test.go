package ddl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// outline gives a table in one line: columns with ! for NOT NULL, key, indexes.
func outline(t *table.Table) string {
	if t == nil {
		return "unknown"
	}
	var columns, indexes []string
	for _, c := range t.Columns {
		text := c.Name + " " + strings.ToLower(c.Type)
		if !c.Nullable {
			text += "!"
		}
		columns = append(columns, text)
	}
	for _, x := range t.Indexes {
		var parts []string
		for _, p := range x.Parts {
			parts = append(parts, p.Column)
		}
		kind := ""
		if x.Unique {
			kind = "*"
		}
		indexes = append(indexes, fmt.Sprintf("%s%s(%s)", x.Name, kind, strings.Join(parts, ",")))
	}
	return fmt.Sprintf("%s | %v | %s", strings.Join(columns, ", "), t.Key, strings.Join(indexes, " "))
}

const before = "CREATE TABLE t (a INT PRIMARY KEY, b TINYTEXT, c INT NOT NULL, UNIQUE u (c), KEY k (b(3), c))"

func TestAlterTable(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql, want string
	}{
		"add":                         {"ADD d INT", "a int!, b tinytext, c int!, d int | [0] | PRIMARY*(a) u*(c) k(b,c)"},
		"add first and after":         {"ADD d INT FIRST, ADD COLUMN e INT NOT NULL AFTER d", "d int, e int!, a int!, b tinytext, c int! | [2] | PRIMARY*(a) u*(c) k(b,c)"},
		"add several":                 {"ADD (d INT, e INT UNIQUE)", "a int!, b tinytext, c int!, d int, e int | [0] | PRIMARY*(a) u*(c) e*(e) k(b,c)"},
		"add what is there":           {"ADD COLUMN IF NOT EXISTS C TEXT", "a int!, b tinytext, c int! | [0] | PRIMARY*(a) u*(c) k(b,c)"},
		"drop":                        {"DROP b", "a int!, c int! | [0] | PRIMARY*(a) u*(c) k(c)"},
		"drop key column":             {"DROP COLUMN a", "b tinytext, c int! | [1] | u*(c) k(b,c)"},
		"drop and add the same name":  {"DROP b, ADD B INT AFTER a", "a int!, B int, c int! | [0] | PRIMARY*(a) u*(c) k(B,c)"},
		"drop what is not there":      {"DROP COLUMN IF EXISTS x", "a int!, b tinytext, c int! | [0] | PRIMARY*(a) u*(c) k(b,c)"},
		"swap names":                  {"RENAME COLUMN b TO c, RENAME COLUMN c TO b", "a int!, c tinytext, b int! | [0] | PRIMARY*(a) u*(b) k(c,b)"},
		"change":                      {"CHANGE c d BIGINT FIRST", "d bigint, a int!, b tinytext | [1] | PRIMARY*(a) u*(d) k(b,d)"},
		"modify of the key":           {"MODIFY a BIGINT", "a bigint!, b tinytext, c int! | [0] | PRIMARY*(a) u*(c) k(b,c)"},
		"modify and place":            {"MODIFY a BIGINT AFTER c, MODIFY b INT FIRST", "b int, c int!, a bigint! | [2] | PRIMARY*(a) u*(c) k(b,c)"},
		"drop primary key":            {"DROP PRIMARY KEY", "a int!, b tinytext, c int! | [2] | u*(c) k(b,c)"},
		"replace primary key":         {"DROP PRIMARY KEY, ADD PRIMARY KEY (c, a)", "a int!, b tinytext, c int! | [2 0] | PRIMARY*(c,a) u*(c) k(b,c)"},
		"no key is left":              {"DROP PRIMARY KEY, DROP INDEX u", "a int!, b tinytext, c int! | [] | k(b,c)"},
		"nullable key identifies not": {"DROP PRIMARY KEY, MODIFY c INT", "a int!, b tinytext, c int | [] | u*(c) k(b,c)"},
		"rename index":                {"RENAME INDEX u TO v", "a int!, b tinytext, c int! | [0] | PRIMARY*(a) v*(c) k(b,c)"},
		"names of indexes":            {"ADD UNIQUE (c), ADD INDEX (c), ADD CONSTRAINT n UNIQUE (a), ADD UNIQUE ((a + 1))", "a int!, b tinytext, c int! | [0] | PRIMARY*(a) u*(c) c*(c) n*(a) k(b,c) c_2(c) functional_index*()"},
		"foreign key brings an index": {"ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES x (y), ADD FOREIGN KEY (c) REFERENCES x (z)", "a int!, b tinytext, c int! | [0] | PRIMARY*(a) u*(c) k(b,c) f(b)"},
		"convert widens":              {"CONVERT TO CHARACTER SET utf8mb4", "a int!, b text, c int! | [0] | PRIMARY*(a) u*(c) k(b,c)"},
		"default character set":       {"CHARACTER SET utf8mb4", "a int!, b tinytext, c int! | [0] | PRIMARY*(a) u*(c) k(b,c)"},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
			c.Databases["db"] = c.Server
			apply(t, c, before)
			old := c.Table(name("t")).Clone()
			kept := c.Table(name("t"))
			changes := apply(t, c, "ALTER TABLE t "+tt.sql)
			if len(changes) != 1 || changes[0].Op != ddl.Altered {
				t.Fatalf("got %+v, want one altered table", changes)
			}
			if diff := cmp.Diff(tt.want, outline(c.Table(name("t")))); diff != "" {
				t.Error(diff)
			}
			if !old.Equal(kept) {
				t.Error("the definition handed out before was changed in place")
			}
		})
	}
}

func apply(t *testing.T, c *ddl.Catalog, sql string) []ddl.Change {
	t.Helper()
	changes, err := c.Apply(parseOne(t, sql, ddl.Mode{}), ddl.Mode{Database: "db"})
	if err != nil {
		t.Fatalf("apply %s: %v", sql, err)
	}
	return changes
}

func TestAlterTableErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql, want string
		mismatch  bool
	}{
		"unknown column":        {"DROP x", `alter table db.t: no column "x": the tracked definition does not fit the statement`, true},
		"column there already":  {"ADD a INT", `alter table db.t: column "a" is there already: the tracked definition does not fit the statement`, true},
		"after unknown":         {"ADD d INT AFTER x", `alter table db.t: no column "x" to stand behind: the tracked definition does not fit the statement`, true},
		"index over unknown":    {"ADD INDEX (x)", `alter table db.t: define index "x" of table db.t: no column "x": the tracked definition does not fit the statement`, true},
		"no column left":        {"DROP a, DROP b, DROP c", `alter table db.t: no column is left: the tracked definition does not fit the statement`, true},
		"unknown character set": {"ADD d TEXT CHARSET klingon", `alter table db.t: column "d": unknown character set "klingon"`, false},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
			c.Databases["db"] = c.Server
			apply(t, c, before)
			old := outline(c.Table(name("t")))
			_, err := c.Apply(parseOne(t, "ALTER TABLE t "+tt.sql, ddl.Mode{}), ddl.Mode{})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if errors.Is(err, ddl.ErrMismatch) != tt.mismatch {
				t.Errorf("mismatch: got %t, want %t", !tt.mismatch, tt.mismatch)
			}
			if diff := cmp.Diff(old, outline(c.Table(name("t")))); diff != "" {
				t.Errorf("the catalog changed: %s", diff)
			}
		})
	}
}
