package unlogged_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unlogged"
)

// effects carries out statements, and returns what the last one did to tables.
func effects(t *testing.T, mode ddl.Mode, statements ...string) []string {
	t.Helper()
	c := ddl.NewCatalog(ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}, func(n table.Name) bool { return n.Database == "d" })
	c.Databases["d"] = ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_0900_ai_ci"}
	mode.Database = "d"
	var out []string
	for _, sql := range statements {
		parsed, err := ddl.Parse(sql, mode)
		if err != nil {
			t.Fatal(err)
		}
		out = nil
		for _, s := range parsed {
			changes, err := c.Apply(s, mode)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range unlogged.Of(s, changes, mode.Strict) {
				out = append(out, strings.Join(strings.Fields(e.Table.Table+" "+string(e.Kind)+" "+e.Detail+" "+e.Column), " "))
			}
		}
	}
	return out
}

func TestOf(t *testing.T) {
	t.Parallel()
	const ab = "CREATE TABLE a (x INT PRIMARY KEY); CREATE TABLE b (x INT PRIMARY KEY)"
	tests := map[string]struct {
		sql  string
		want []string
	}{
		"TRUNCATE":                    {"TRUNCATE TABLE a", []string{"a truncated"}},
		"TRUNCATE elsewhere":          {"TRUNCATE TABLE o.a", nil},
		"DROP":                        {"DROP TABLE a, b", []string{"a dropped", "b dropped"}},
		"DROP of a temporary table":   {"DROP TEMPORARY TABLE a", nil},
		"DROP of a view":              {"DROP VIEW a", nil},
		"DROP DATABASE":               {"DROP DATABASE d", []string{"a dropped", "b dropped"}},
		"CREATE":                      {"CREATE TABLE c (x INT)", []string{"c created"}},
		"a sequence":                  {"CREATE SEQUENCE s; RENAME TABLE s TO r; DROP SEQUENCE r", nil},
		"a sequence renamed":          {"CREATE SEQUENCE s; RENAME TABLE s TO r", nil},
		"CREATE LIKE":                 {"CREATE TABLE c LIKE a", []string{"c created"}},
		"CREATE SELECT":               {"CREATE TABLE c AS SELECT 1", []string{"c created"}},
		"CREATE of a temporary table": {"CREATE TEMPORARY TABLE a (x INT)", nil},
		"CREATE IF NOT EXISTS":        {"CREATE TABLE IF NOT EXISTS a (x INT)", nil},
		"CREATE OR REPLACE":           {"CREATE OR REPLACE TABLE a (x INT)", []string{"a created"}},
		"CREATE DATABASE":             {"CREATE DATABASE IF NOT EXISTS d", nil},
		"CREATE INDEX":                {"CREATE INDEX i ON a (x)", nil},
		"rows":                        {"INSERT INTO a VALUES (1)", nil},
		"RENAME":                      {"RENAME TABLE a TO c", []string{"a renamed_away d.c", "c renamed_in d.a"}},
		"RENAME out":                  {"RENAME TABLE a TO o.a", []string{"a renamed_away o.a", "a renamed_in d.a"}},
		"RENAME in":                   {"RENAME TABLE o.z TO c", []string{"z renamed_away d.c", "c renamed_in o.z"}},
		"RENAME there and back":       {"RENAME TABLE a TO c, c TO a", nil},
		"a swap":                      {"RENAME TABLE a TO c, b TO a, c TO b", []string{"a renamed_in d.b", "b renamed_in d.a"}},
		"gh-ost's swap":               {"RENAME TABLE a TO _a_del, b TO a", []string{"a renamed_in d.b", "_a_del renamed_in d.a", "b renamed_away d.a"}},
		"ALTER RENAME":                {"ALTER TABLE a RENAME TO c", []string{"a renamed_away d.c", "c renamed_in d.a"}},
		"ALTER RENAME and ADD":        {"ALTER TABLE a ADD y INT DEFAULT 1, RENAME TO c", []string{"c column_added y", "a renamed_away d.c", "c renamed_in d.a"}},
		"EXCHANGE PARTITION":          {"ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b", []string{"a partition EXCHANGE PARTITION", "b partition EXCHANGE PARTITION"}},
		"EXCHANGE with others":        {"ALTER TABLE o.z EXCHANGE PARTITION p WITH TABLE b", []string{"z partition EXCHANGE PARTITION", "b partition EXCHANGE PARTITION"}},
		"TRUNCATE PARTITION":          {"ALTER TABLE a TRUNCATE PARTITION p", []string{"a partition TRUNCATE PARTITION"}},
		"DROP PARTITION":              {"ALTER TABLE a DROP PARTITION p", []string{"a partition DROP PARTITION"}},
		"PARTITION BY":                {"ALTER TABLE a PARTITION BY HASH (x)", nil},
		"PARTITION BY with IGNORE":    {"ALTER IGNORE TABLE a PARTITION BY HASH (x)", []string{"a alter_ignore"}},
		"REORGANIZE PARTITION":        {"ALTER TABLE a REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (1))", nil},
		"DISCARD TABLESPACE":          {"ALTER TABLE a DISCARD TABLESPACE", []string{"a tablespace DISCARD TABLESPACE"}},
		"IMPORT TABLESPACE":           {"ALTER TABLE a IMPORT PARTITION p TABLESPACE", []string{"a tablespace IMPORT TABLESPACE"}},
		"CONVERT PARTITION":           {"ALTER TABLE a CONVERT PARTITION p TO TABLE c", []string{"c renamed_in d.a", "a partition CONVERT PARTITION TO TABLE"}},
		"CONVERT TABLE":               {"ALTER TABLE a CONVERT TABLE b TO PARTITION p", []string{"b dropped", "a partition CONVERT TABLE TO PARTITION"}},
		"an engine without rows":      {"ALTER TABLE a ENGINE=BLACKHOLE", []string{"a engine ENGINE=BLACKHOLE"}},
		"another engine":              {"ALTER TABLE a ENGINE=MyISAM", nil},
		"unique key with IGNORE":      {"ALTER IGNORE TABLE a ADD UNIQUE (x)", []string{"a alter_ignore"}},
		"unique key":                  {"ALTER TABLE a ADD UNIQUE (x)", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := effects(t, ddl.Mode{Strict: true, MariaDB: true}, ab, tt.sql)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOf_columns(t *testing.T) {
	t.Parallel()
	const before = "CREATE TABLE a (x INT, y VARCHAR(9), z INT NOT NULL, PRIMARY KEY (x))"
	tests := map[string]struct {
		sql  string
		want []string
	}{
		"null":                       {"ADD c INT", nil},
		"null by word":               {"ADD c INT NULL DEFAULT NULL", nil},
		"INSTANT":                    {"ADD c INT FIRST, ALGORITHM=INSTANT", nil},
		"default":                    {"ADD c INT DEFAULT 5", []string{"a column_added c"}},
		"now":                        {"ADD c TIMESTAMP DEFAULT CURRENT_TIMESTAMP", []string{"a column_added c"}},
		"expression":                 {"ADD c CHAR(36) DEFAULT (UUID())", []string{"a column_added c"}},
		"implicit default":           {"ADD c INT NOT NULL", []string{"a column_added c"}},
		"numbers":                    {"ADD c INT AUTO_INCREMENT UNIQUE", []string{"a column_added c"}},
		"SERIAL":                     {"ADD c SERIAL", []string{"a column_added c"}},
		"generated":                  {"ADD c INT AS (x + 1) STORED", []string{"a column_added c"}},
		"virtual":                    {"ADD c INT AS (x + 1)", []string{"a column_added c"}},
		"several":                    {"ADD (c INT, e INT DEFAULT 1)", []string{"a column_added e"}},
		"there already":              {"ADD COLUMN IF NOT EXISTS y INT DEFAULT 1", nil},
		"dropped and added":          {"DROP y, ADD y INT", []string{"a column_added y"}},
		"in the key":                 {"ADD c INT, DROP PRIMARY KEY, ADD PRIMARY KEY (x, c)", []string{"a column_added c", "a key_changed (x) became (x, c)"}},
		"dropped":                    {"DROP y", nil},
		"dropped from the key":       {"DROP x", []string{"a key_changed (x) became ()"}},
		"key dropped":                {"DROP PRIMARY KEY", []string{"a key_changed (x) became ()"}},
		"key changed":                {"DROP PRIMARY KEY, ADD PRIMARY KEY (z)", []string{"a key_changed (x) became (z)"}},
		"key made again":             {"DROP PRIMARY KEY, ADD UNIQUE (x)", nil},
		"renamed":                    {"RENAME COLUMN y TO c", []string{"a column_renamed y c"}},
		"renamed in case":            {"RENAME COLUMN y TO Y", nil},
		"renamed by CHANGE":          {"CHANGE y c VARCHAR(9)", []string{"a column_renamed y c"}},
		"CHANGE of what is not":      {"CHANGE IF EXISTS n c VARCHAR(9)", nil},
		"MODIFY of what is not":      {"MODIFY IF EXISTS n VARCHAR(9)", nil},
		"moved":                      {"MODIFY y VARCHAR(9) FIRST", nil},
		"new default":                {"ALTER y SET DEFAULT 'q', ALTER z SET INVISIBLE", nil},
		"options":                    {"COMMENT='c', CHARSET latin1, AUTO_INCREMENT=5, FORCE", nil},
		"indexes":                    {"ADD INDEX i (y), ADD CONSTRAINT c CHECK (x > 0), RENAME INDEX i TO j", nil},
		"converted to less":          {"CONVERT TO CHARACTER SET latin1", []string{"a column_changed y"}},
		"converted to itself":        {"CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", nil},
		"converted to another of it": {"CONVERT TO CHARACTER SET utf16", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := effects(t, ddl.Mode{Strict: true}, before, "ALTER TABLE a "+tt.sql)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Without the definition before, what could change rows counts as if it did.
func TestOf_unknownDefinition(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"ADD c INT": nil, "ADD c INT DEFAULT 1": {"a column_added c"}, "ADD c INT NOT NULL": {"a column_added c"},
		"ADD c TIMESTAMP": {"a column_added c"}, "ADD c INT AS (1)": {"a column_added c"},
		"MODIFY c BIGINT": {"a column_changed c"}, "CHANGE b c BIGINT": {"a column_renamed b c", "a column_changed c"},
		"CONVERT TO CHARACTER SET utf8mb4": {"a column_changed of text"}, "DROP c": nil,
	}
	for sql, want := range tests {
		t.Run(sql, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, effects(t, ddl.Mode{Strict: true}, "ALTER TABLE a "+sql), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOf_values(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from, to string
		// strict and loose say whether values may have changed in that mode.
		strict, loose bool
	}{
		"the same":             {"INT", "INT", false, false},
		"wider":                {"INT", "BIGINT", false, false},
		"narrower":             {"INT", "SMALLINT", false, true},
		"wider, with a sign":   {"INT UNSIGNED", "BIGINT", false, false},
		"no sign":              {"INT", "INT UNSIGNED", false, true},
		"a sign":               {"INT UNSIGNED", "INT", false, true},
		"no nulls":             {"INT", "INT NOT NULL", false, true},
		"nulls":                {"INT NOT NULL", "INT", false, false},
		"no null times":        {"TIMESTAMP NULL", "TIMESTAMP NOT NULL DEFAULT '2020-01-01'", true, true},
		"numbers":              {"INT NOT NULL UNIQUE", "INT AUTO_INCREMENT", true, true},
		"number to text":       {"INT", "VARCHAR(20)", true, true},
		"text to number":       {"VARCHAR(20)", "INT", true, true},
		"longer text":          {"VARCHAR(5)", "VARCHAR(6)", false, false},
		"shorter text":         {"VARCHAR(5)", "VARCHAR(4)", false, true},
		"text":                 {"VARCHAR(5)", "TEXT", false, false},
		"long text":            {"TEXT", "LONGTEXT", false, false},
		"short text":           {"TEXT", "TINYTEXT", true, true},
		"long to tiny":         {"VARCHAR(300)", "TINYTEXT", true, true},
		"text to VARCHAR":      {"TEXT", "VARCHAR(300)", true, true},
		"CHAR to VARCHAR":      {"CHAR(5)", "VARCHAR(5)", false, false},
		"VARCHAR to CHAR":      {"VARCHAR(5)", "CHAR(5)", true, true},
		"longer bytes":         {"VARBINARY(5)", "VARBINARY(6)", false, false},
		"bytes":                {"VARBINARY(5)", "BLOB", false, false},
		"shorter bytes":        {"VARBINARY(5)", "VARBINARY(4)", false, true},
		"padded bytes":         {"BINARY(5)", "BINARY(6)", true, true},
		"bytes to text":        {"VARBINARY(5)", "VARCHAR(5)", true, true},
		"text to JSON":         {"TEXT", "JSON", true, true},
		"more digits":          {"DECIMAL(5,2)", "DECIMAL(7,3)", false, false},
		"fewer digits":         {"DECIMAL(5,2)", "DECIMAL(4,2)", false, true},
		"rounded":              {"DECIMAL(5,2)", "DECIMAL(5,1)", true, true},
		"FLOAT to DOUBLE":      {"FLOAT", "DOUBLE", true, true},
		"DOUBLE":               {"DOUBLE", "DOUBLE NOT NULL", false, true},
		"more of a second":     {"DATETIME", "DATETIME(6)", false, false},
		"less of a second":     {"DATETIME(6)", "DATETIME(3)", true, true},
		"time zone":            {"DATETIME", "TIMESTAMP", true, true},
		"more labels":          {"ENUM('a','b')", "ENUM('a','b','c')", false, false},
		"labels in order":      {"ENUM('a','b')", "ENUM('b','a')", false, false},
		"other labels":         {"ENUM('a','b')", "ENUM('a','c')", true, true},
		"labels in other case": {"ENUM('a','b')", "ENUM('a','B')", true, true},
		"more of a SET":        {"SET('a','b')", "SET('x','a','b')", false, false},
		"a SET in order":       {"SET('a','b')", "SET('b','a')", true, true},
		"more bits":            {"BIT(4)", "BIT(12)", true, true},
		"generated":            {"INT AS (1)", "INT AS (2)", true, true},
		"no longer generated":  {"INT AS (1) STORED", "INT", false, false},
		"collation":            {"VARCHAR(5)", "VARCHAR(5) COLLATE utf8mb4_bin", false, false},
		"character set":        {"VARCHAR(5)", "VARCHAR(5) CHARSET latin1", true, true},
		"wider character set":  {"VARCHAR(5) CHARSET latin1", "VARCHAR(5) CHARSET utf8mb3", false, false},
		"to three bytes":       {"VARCHAR(5)", "VARCHAR(5) CHARSET utf8mb3", true, true},
		"from ASCII":           {"VARCHAR(5) CHARSET ascii", "VARCHAR(5) CHARSET latin1", false, false},
		"UCS-2":                {"VARCHAR(5) CHARSET utf8mb3", "VARCHAR(5) CHARSET ucs2", false, false},
		"comment":              {"JSON", "JSON COMMENT 'c'", false, false},
	}
	for name, tt := range tests {
		for strict, want := range map[bool]bool{true: tt.strict, false: tt.loose} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got := effects(t, ddl.Mode{Strict: strict}, "CREATE TABLE a (k INT PRIMARY KEY, c "+tt.from+")", "ALTER TABLE a MODIFY c "+tt.to)
				if (len(got) > 0) != want {
					t.Errorf("strict=%t: got %v", strict, got)
				}
			})
		}
	}
	if got := effects(t, ddl.Mode{Strict: true}, "CREATE TABLE a (c INT)", "ALTER IGNORE TABLE a MODIFY c SMALLINT"); len(got) != 1 {
		t.Errorf("IGNORE is not strict: got %v", got)
	}
}

func TestReasonNamesTheDetail(t *testing.T) {
	t.Parallel()
	seen := map[string]unlogged.Kind{}
	for _, k := range []unlogged.Kind{
		unlogged.Truncated, unlogged.Dropped, unlogged.RenamedAway, unlogged.RenamedIn, unlogged.Partition, unlogged.Ignore,
		unlogged.ColumnAdded, unlogged.ColumnRenamed, unlogged.ColumnChanged, unlogged.KeyChanged, unlogged.Unread,
	} {
		e := unlogged.Effect{Kind: k, Detail: "d.x", Column: "c"}
		reason := e.Reason()
		if other, ok := seen[reason]; ok {
			t.Errorf("%s and %s are told alike", k, other)
		}
		seen[reason] = k
	}
}
