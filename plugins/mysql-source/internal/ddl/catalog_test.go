package ddl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

var opNames = map[ddl.Op]string{
	ddl.Created: "created", ddl.Altered: "altered", ddl.Dropped: "dropped", ddl.Renamed: "renamed", ddl.Truncated: "truncated",
}

// tell gives a change in one line.
func tell(c ddl.Change) string {
	from := ""
	if c.From != (table.Name{}) {
		from = c.From.String() + "→"
	}
	return fmt.Sprintf("%s %s%s: %s", opNames[c.Op], from, c.Name, strings.SplitN(outline(c.Table), " |", 2)[0])
}

func TestCatalogFollows(t *testing.T) {
	t.Parallel()
	const ab = "CREATE TABLE a (x INT); CREATE TABLE b (y INT); "
	tests := map[string]struct {
		sql     string
		changes []string // of the last statement
		tables  []string // at the end
	}{
		"create":                       {"CREATE TABLE a (x INT)", []string{"created db.a: x int"}, []string{"db.a: x int"}},
		"create what is there":         {ab + "CREATE TABLE IF NOT EXISTS a (z INT)", nil, []string{"db.a: x int", "db.b: y int"}},
		"create elsewhere":             {"CREATE TABLE other.a (x INT)", nil, nil},
		"like":                         {ab + "CREATE TABLE c LIKE b", []string{"created db.c: y int"}, []string{"db.a: x int", "db.b: y int", "db.c: y int"}},
		"like unknown":                 {"CREATE TABLE c LIKE other.b", []string{"created db.c: unknown"}, nil},
		"as select":                    {ab + "CREATE OR REPLACE TABLE a AS SELECT 1", []string{"created db.a: unknown"}, []string{"db.b: y int"}},
		"drop":                         {ab + "DROP TABLE b, other.x, a", []string{"dropped db.b: unknown", "dropped db.a: unknown"}, nil},
		"swap":                         {ab + "RENAME TABLE a TO c, b TO a, c TO b", []string{"renamed db.a→db.c: x int", "renamed db.b→db.a: y int", "renamed db.c→db.b: x int"}, []string{"db.a: y int", "db.b: x int"}},
		"swap by another database":     {ab + "RENAME TABLE a TO other.c, b TO a, other.c TO b", []string{"renamed db.a→other.c: x int", "renamed db.b→db.a: y int", "renamed other.c→db.b: x int"}, []string{"db.a: y int", "db.b: x int"}},
		"rename away":                  {ab + "RENAME TABLE a TO other.a", []string{"renamed db.a→other.a: x int"}, []string{"db.b: y int"}},
		"rename from unknown":          {ab + "RENAME TABLE other.z TO c", []string{"renamed other.z→db.c: unknown"}, []string{"db.a: x int", "db.b: y int"}},
		"online schema change":         {"CREATE TABLE o (x INT); CREATE TABLE _o_gho LIKE o; ALTER TABLE _o_gho ADD n INT; RENAME TABLE o TO _o_del, _o_gho TO o", []string{"renamed db.o→db._o_del: x int", "renamed db._o_gho→db.o: x int, n int"}, []string{"db._o_del: x int", "db.o: x int, n int"}},
		"alter and rename":             {ab + "ALTER TABLE a ADD z INT, RENAME TO c", []string{"renamed db.a→db.c: x int, z int"}, []string{"db.b: y int", "db.c: x int, z int"}},
		"alter and rename elsewhere":   {ab + "ALTER TABLE a RENAME other.c", []string{"renamed db.a→other.c: x int"}, []string{"db.b: y int"}},
		"alter unknown":                {"ALTER TABLE z ADD a INT", []string{"altered db.z: unknown"}, nil},
		"alter elsewhere":              {"ALTER TABLE other.z ADD a INT", nil, nil},
		"create index":                 {ab + "CREATE UNIQUE INDEX i ON a (x)", []string{"altered db.a: x int"}, []string{"db.a: x int", "db.b: y int"}},
		"truncate":                     {ab + "TRUNCATE a", []string{"truncated db.a: x int"}, []string{"db.a: x int", "db.b: y int"}},
		"truncate elsewhere":           {"TRUNCATE other.a", nil, nil},
		"drop database":                {ab + "DROP DATABASE db", []string{"dropped db.a: unknown", "dropped db.b: unknown"}, nil},
		"drop another database":        {ab + "DROP DATABASE other", nil, []string{"db.a: x int", "db.b: y int"}},
		"statements without any table": {ab + "GRANT ALL ON *.* TO x", nil, []string{"db.a: x int", "db.b: y int"}},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"},
				func(n table.Name) bool { return n.Database == "db" })
			c.Databases["db"] = c.Server
			var changes []string
			for _, sql := range strings.Split(tt.sql, "; ") {
				changes = nil
				for _, change := range apply(t, c, sql) {
					changes = append(changes, tell(change))
				}
			}
			var tables []string
			for n, def := range c.Tables {
				if def.ID() != n {
					t.Errorf("%s is stored under %s", def.ID(), n)
				}
				tables = append(tables, n.String()+": "+strings.SplitN(outline(def), " |", 2)[0])
			}
			slices.Sort(tables)
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Errorf("changes: %s", diff)
			}
			if diff := cmp.Diff(tt.tables, tables); diff != "" {
				t.Errorf("tables: %s", diff)
			}
		})
	}
}

func TestCatalogDatabaseDefaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql  string
		mode ddl.Mode
		want ddl.Database
	}{
		"of the server":      {sql: "CREATE DATABASE d", want: ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}},
		"of the session":     {sql: "CREATE DATABASE d", mode: ddl.Mode{ServerCharset: "gbk"}, want: ddl.Database{Charset: "gbk", Collation: "gbk_chinese_ci"}},
		"by character set":   {sql: "CREATE DATABASE d CHARSET utf8mb4", want: ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}},
		"by collation":       {sql: "CREATE DATABASE d COLLATE utf8mb4_bin", want: ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_bin"}},
		"altered":            {sql: "CREATE DATABASE d CHARSET gbk; ALTER DATABASE d COLLATE sjis_bin", want: ddl.Database{Charset: "sjis", Collation: "sjis_bin"}},
		"altered in nothing": {sql: "CREATE DATABASE d CHARSET gbk; ALTER DATABASE d READ ONLY 1", want: ddl.Database{Charset: "gbk", Collation: "gbk_chinese_ci"}},
		"there already":      {sql: "CREATE DATABASE d CHARSET gbk; CREATE DATABASE IF NOT EXISTS d CHARSET utf8mb4", want: ddl.Database{Charset: "gbk", Collation: "gbk_chinese_ci"}},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
			c.Databases["db"] = c.Server
			for _, sql := range append(strings.Split(tt.sql, "; "), "CREATE TABLE d.t (a CHAR(1))") {
				if _, err := c.Apply(parseOne(t, sql, tt.mode), tt.mode); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tt.want, c.Databases["d"]); diff != "" {
				t.Error(diff)
			}
			if got := c.Table(name("d.t")).Columns[0].Collation; got != tt.want.Collation {
				t.Errorf("column: got %s, want %s", got, tt.want.Collation)
			}
		})
	}
}

func TestCatalogFoldsNames(t *testing.T) {
	t.Parallel()
	c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
	c.Databases["db"] = c.Server
	c.FoldNames = true
	for _, sql := range []string{"CREATE TABLE DB.Orders (Id INT)", "ALTER TABLE db.ORDERS ADD b INT", "RENAME TABLE Db.orders TO dB.Sales"} {
		apply(t, c, sql)
	}
	got := c.Table(name("DB.SALES"))
	if want := name("db.sales"); got == nil || got.ID() != want {
		t.Fatalf("got %v, want %s", got, want)
	}
	if diff := cmp.Diff("Id int, b int | [] | ", outline(got)); diff != "" {
		t.Error(diff)
	}
}

func TestParseTable(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		const shown = "CREATE TABLE `t` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  `n` int AUTO_INCREMENT,\n  `c` char(3) COLLATE latin1_bin DEFAULT 'a\\\\b',\n" +
			"  PRIMARY KEY (`id`),\n  KEY `k` (`c`(2))\n) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=latin1 COMMENT='x'\n/*!50100 PARTITION BY HASH (`id`)\nPARTITIONS 4 */"
		got, err := ddl.ParseTable("db", shown, ddl.Mode{NoBackslashEscapes: true, ImplicitTimestamps: true})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("id int!, n int, c char | [0] | PRIMARY*(id) k(c)", outline(got)); diff != "" {
			t.Error(diff)
		}
		if got.ID() != name("db.t") || got.Comment != "x" || got.Columns[2].Default.Text != `a\b` {
			t.Errorf("got %+v", got)
		}
	})
	tests := map[string]struct{ sql, want string }{
		"a view":         {"CREATE VIEW v AS SELECT 1", "read table definition: not a plain CREATE TABLE"},
		"two statements": {"TRUNCATE a; TRUNCATE b", "read table definition: expected one statement, found 2"},
		"no statement":   {"FROB", `read statement at byte 0: statement of an unknown kind`},
		"a column twice": {"CREATE TABLE t (a INT, A INT)", `define table db.t: column "A" stands twice: the tracked definition does not fit the statement`},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			if _, err := ddl.ParseTable("db", tt.sql, ddl.Mode{}); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
