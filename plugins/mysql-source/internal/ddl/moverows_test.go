package ddl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
)

func TestParseMovesOfRows(t *testing.T) {
	t.Parallel()
	u := name("x.u")
	tests := map[string]struct {
		sql  string
		want []ddl.Action
	}{
		"exchange": {"EXCHANGE PARTITION p WITH TABLE x.u WITHOUT VALIDATION", []ddl.Action{&ddl.MoveRows{Kind: ddl.ExchangePartition, With: &u}}},
		"truncate": {"TRUNCATE PARTITION p, q", []ddl.Action{&ddl.MoveRows{Kind: ddl.TruncatePartition}}},
		"truncate all behind an option": {
			"ALGORITHM=INPLACE, TRUNCATE PARTITION ALL", []ddl.Action{&ddl.MoveRows{Kind: ddl.TruncatePartition}},
		},
		"drop":                            {"DROP PARTITION p, q", []ddl.Action{&ddl.MoveRows{Kind: ddl.DropPartition}}},
		"drop if there":                   {"DROP PARTITION IF EXISTS p", []ddl.Action{&ddl.MoveRows{Kind: ddl.DropPartition}}},
		"discard":                         {"DISCARD TABLESPACE", []ddl.Action{&ddl.MoveRows{Kind: ddl.DiscardTablespace}}},
		"discard of one":                  {"DISCARD PARTITION p TABLESPACE", []ddl.Action{&ddl.MoveRows{Kind: ddl.DiscardTablespace}}},
		"import":                          {"IMPORT TABLESPACE", []ddl.Action{&ddl.MoveRows{Kind: ddl.ImportTablespace}}},
		"import of one":                   {"IMPORT PARTITION p TABLESPACE", []ddl.Action{&ddl.MoveRows{Kind: ddl.ImportTablespace}}},
		"partition by":                    {"PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (3))", []ddl.Action{&ddl.MoveRows{Kind: ddl.PartitionBy}}},
		"partition to table":              {"CONVERT PARTITION p TO TABLE x.u", []ddl.Action{&ddl.MoveRows{Kind: ddl.PartitionToTable, With: &u}}},
		"table to partition":              {"CONVERT TABLE x.u TO PARTITION p VALUES LESS THAN (3)", []ddl.Action{&ddl.MoveRows{Kind: ddl.TableToPartition, With: &u}}},
		"blackhole":                       {"ENGINE = BlackHole", []ddl.Action{&ddl.MoveRows{Kind: ddl.Blackhole}}},
		"other engine":                    {"ENGINE MyISAM", nil},
		"partitions that keep their rows": {"REORGANIZE PARTITION p INTO (PARTITION q VALUES LESS THAN (3))", nil},
		"coalesce":                        {"COALESCE PARTITION 1", nil},
		"rebuild":                         {"REBUILD PARTITION ALL", nil},
		"more partitions":                 {"ADD PARTITION PARTITIONS 2", nil},
		"no partitions":                   {"REMOVE PARTITIONING", nil},
		"check":                           {"CHECK PARTITION ALL", nil},
		"column of the name":              {"DROP COLUMN `partition`", []ddl.Action{&ddl.DropColumn{Name: "partition"}}},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			got := parseOne(t, "ALTER TABLE t "+tt.sql, ddl.Mode{MariaDB: true})
			want := &ddl.AlterTable{Table: name("t"), Actions: tt.want}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseIgnore(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]bool{
		"ALTER TABLE t FORCE": false, "ALTER ONLINE TABLE t FORCE": false,
		"ALTER IGNORE TABLE t FORCE": true, "ALTER ONLINE IGNORE TABLE t FORCE": true, "ALTER IGNORE ONLINE TABLE t FORCE": true,
	} {
		if got := parseOne(t, sql, ddl.Mode{}).(*ddl.AlterTable).Ignore; got != want {
			t.Errorf("%s: got %t", sql, got)
		}
	}
}

func TestCatalogConvertsPartitions(t *testing.T) {
	t.Parallel()
	c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
	apply(t, c, "CREATE TABLE t (a INT PRIMARY KEY)")
	made := apply(t, c, "ALTER TABLE t CONVERT PARTITION p TO TABLE u")
	if len(made) != 2 || made[1].Op != ddl.Created || outline(c.Table(name("u"))) != "a int! | [0] | PRIMARY*(a)" {
		t.Errorf("a table of a partition: %+v, %s", made, outline(c.Table(name("u"))))
	}
	gone := apply(t, c, "ALTER TABLE t CONVERT TABLE u TO PARTITION p VALUES LESS THAN (3)")
	if len(gone) != 2 || gone[1].Op != ddl.Dropped || c.Table(name("u")) != nil {
		t.Errorf("a partition of a table: %+v", gone)
	}
}

// What follows definitions has to compare them.
func TestChangesTellTheDefinitionBefore(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ sql, want string }{
		"created":            {"CREATE TABLE u (x INT)", "unknown"},
		"created once more":  {"CREATE OR REPLACE TABLE t (x INT)", "a int | [] | "},
		"altered":            {"ALTER TABLE t ADD b INT", "a int | [] | "},
		"altered, renamed":   {"ALTER TABLE t ADD b INT, RENAME TO u", "a int | [] | "},
		"dropped":            {"DROP TABLE t", "a int | [] | "},
		"dropped, not known": {"DROP TABLE IF EXISTS u", "unknown"},
		"renamed":            {"RENAME TABLE t TO u", "a int | [] | "},
		"database dropped":   {"DROP DATABASE db", "a int | [] | "},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
			apply(t, c, "CREATE TABLE t (a INT)")
			changes := apply(t, c, tt.sql)
			if len(changes) != 1 {
				t.Fatalf("got %+v", changes)
			}
			if diff := cmp.Diff(tt.want, outline(changes[0].Before)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
