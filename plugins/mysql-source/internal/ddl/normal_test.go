package ddl_test

import (
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// MySQL takes an empty default of a BLOB or TEXT without strict mode, and leaves it
// out; MariaDB has defaults of such columns.
func TestDefaultsOfLongColumns(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		column  string
		mariaDB bool
		want    bool
	}{
		"an empty BLOB":       {"b BLOB DEFAULT ''", false, false},
		"an empty TEXT":       {"b MEDIUMTEXT CHARACTER SET utf8mb4 DEFAULT ''", false, false},
		"an expression":       {"b BLOB DEFAULT ('a')", false, true},
		"a BLOB of MariaDB":   {"b BLOB DEFAULT 'a'", true, true},
		"a VARCHAR beside it": {"b VARCHAR(9) CHARACTER SET utf8mb4 DEFAULT ''", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := ddl.NewCatalog(ddl.Database{}, func(table.Name) bool { return true })
			mode := ddl.Mode{Database: "d", MariaDB: tt.mariaDB}
			parsed, err := ddl.Parse("CREATE TABLE t ("+tt.column+")", mode)
			if err != nil {
				t.Fatal(err)
			}
			changes, err := c.Apply(parsed[0], mode)
			if err != nil {
				t.Fatal(err)
			}
			if got := changes[0].Table.Columns[0].Default; (got != nil) != tt.want {
				t.Errorf("got the default %+v, want one: %v", got, tt.want)
			}
		})
	}
}
