package ddl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// followed carries statements out on an empty catalog and returns table d.t.
func followed(t *testing.T, statements string) *table.Table {
	t.Helper()
	c := ddl.NewCatalog(ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_general_ci"}, nil)
	c.Databases["d"] = ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_general_ci"}
	mode := ddl.Mode{Database: "d", MariaDB: true}
	for s := range strings.SplitSeq(statements, "; ") {
		parsed, err := ddl.Parse(s, mode)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parsed {
			if _, err := c.Apply(p, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	return c.Table(table.Name{Database: "d", Table: "t"})
}

// outlineMariaDB marks what MariaDB alone has: a versioned table or a sequence,
// and columns that are compressed or ends of a period.
func outlineMariaDB(t *table.Table) string {
	if t == nil {
		return "unknown"
	}
	u := t.Clone()
	for i := range u.Columns {
		c := &u.Columns[i]
		if c.Compressed {
			c.Type += " compressed"
		}
		c.Type += strings.TrimSuffix(" "+string(c.Period), " ")
	}
	text := outline(u)
	if t.Versioned {
		text = "versioned " + text
	}
	if t.Sequence {
		text = "sequence" + text
	}
	return text
}

const declared = "CREATE TABLE t (id INT PRIMARY KEY, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING"

func TestStatements_MariaDB(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ statements, want string }{
		"versioned":           {"CREATE TABLE t (id INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION p HISTORY, PARTITION c CURRENT)", "versioned id int | [] | "},
		"versioned column":    {"CREATE TABLE t (id INT WITHOUT SYSTEM VERSIONING, v INT WITH SYSTEM VERSIONING NOT NULL)", "versioned id int, v int! | [] | "},
		"no column is":        {"CREATE TABLE t (id INT WITHOUT SYSTEM VERSIONING NOT NULL)", "id int! | [] | "},
		"query behind WITH":   {"CREATE TABLE t (id INT) WITH SYSTEM VERSIONING AS SELECT 1", "unknown"},
		"declared":            {declared, "versioned id int!, s timestamp start!, e timestamp end! | [0] | PRIMARY*(id)"},
		"shown":               {strings.Replace(strings.Replace(declared, " PRIMARY KEY", " NOT NULL", 1), "PERIOD", "PRIMARY KEY (id, e), PERIOD", 1), "versioned id int!, s timestamp start!, e timestamp end! | [0] | PRIMARY*(id)"},
		"added":               {"CREATE TABLE t (id INT); ALTER TABLE t ADD SYSTEM VERSIONING; ALTER TABLE t ADD v INT", "versioned id int, v int | [] | "},
		"dropped":             {declared + "; ALTER TABLE t DROP COLUMN s, DROP COLUMN e, DROP SYSTEM VERSIONING", "id int! | [0] | PRIMARY*(id)"},
		"period is added":     {"CREATE TABLE t (id INT UNIQUE); ALTER TABLE t ADD COLUMN s TIMESTAMP(6) AS ROW START FIRST, ADD e TIMESTAMP(6) AS ROW END, ADD PERIOD FOR SYSTEM_TIME (s, e), ADD SYSTEM VERSIONING", "versioned s timestamp start!, id int, e timestamp end! | [] | id*(id)"},
		"like":                {"CREATE TABLE o (id INT) WITH SYSTEM VERSIONING; CREATE TABLE t LIKE o", "versioned id int | [] | "},
		"period":              {"CREATE TABLE t (id INT, s DATE, e DATE, PERIOD FOR p (s, e), UNIQUE u (id, p WITHOUT OVERLAPS))", "id int, s date!, e date! | [] | u*(id,e,s)"},
		"period of a key":     {"CREATE TABLE t (id INT, s DATE, e DATE); ALTER TABLE t ADD PERIOD FOR p (s, e), ADD PRIMARY KEY (id, p WITHOUT OVERLAPS)", "id int!, s date!, e date! | [0 2 1] | PRIMARY*(id,e,s)"},
		"compressed":          {"CREATE TABLE t (a TEXT COMPRESSED, b VARCHAR(9) /*M!100301 COMPRESSED*/ DEFAULT NULL, c BLOB COMPRESSED=zlib NOT NULL)", "a text compressed, b varchar compressed, c blob compressed! | [] | "},
		"no longer":           {"CREATE TABLE t (a TEXT COMPRESSED); ALTER TABLE t MODIFY a TEXT", "a text | [] | "},
		"sequence":            {"CREATE OR REPLACE SEQUENCE t START WITH 5 INCREMENT 2 CACHE 10", "sequence | [] | "},
		"sequence as shown":   {"CREATE TABLE t (next_not_cached_value BIGINT) ENGINE=InnoDB SEQUENCE=1", "sequence | [] | "},
		"sequence is renamed": {"CREATE SEQUENCE IF NOT EXISTS o; RENAME TABLE o TO t; ALTER SEQUENCE t RESTART", "sequence | [] | "},
		"sequence is dropped": {"CREATE SEQUENCE t; DROP SEQUENCE IF EXISTS t", "unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, outlineMariaDB(followed(t, tt.statements))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// USING HASH makes a hidden column of a unique index, wherever it is written.
func TestStatements_hashedIndexes(t *testing.T) {
	t.Parallel()
	def := followed(t, "CREATE TABLE t (a INT, UNIQUE x (a) USING HASH, UNIQUE y USING HASH (a), KEY z (a) USING HASH, UNIQUE w (a) USING BTREE); CREATE UNIQUE INDEX v USING HASH ON t (a)")
	for name, want := range map[string]bool{"x": true, "y": true, "z": false, "w": false, "v": true} {
		if got := def.Indexes[def.FindIndex(name)].Hash; got != want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// A period that is not known here has the table's definition read anew.
func TestStatements_unknownPeriod(t *testing.T) {
	t.Parallel()
	mode := ddl.Mode{Database: "d", MariaDB: true}
	parsed, err := ddl.Parse("CREATE TABLE t (id INT, UNIQUE u (id, p WITHOUT OVERLAPS))", mode)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ddl.NewCatalog(ddl.Database{Charset: "utf8mb4"}, nil).Apply(parsed[0], mode); err == nil {
		t.Error("no error")
	}
}

func TestDefaults_addresses(t *testing.T) {
	t.Parallel()
	def := followed(t, "CREATE TABLE t (u UUID DEFAULT '123E4567e89b-12d3A456426655440000', v UUID DEFAULT x'123E4567e89b12d3a456426655440000', a INET6 DEFAULT '0:0::FFFF:1.2.3.4', b INET6 DEFAULT '::1', i INET4 DEFAULT '01.2.3.4', j INET4 DEFAULT x'01020304', w UUID DEFAULT (UUID()))")
	want := []string{"123e4567-e89b-12d3-a456-426655440000", "123e4567-e89b-12d3-a456-426655440000", "::ffff:1.2.3.4", "::1", "1.2.3.4", "1.2.3.4", ""}
	for i, c := range def.Columns {
		if c.Default.Text != want[i] {
			t.Errorf("%s: got %+v", c.Name, c.Default)
		}
	}
}
