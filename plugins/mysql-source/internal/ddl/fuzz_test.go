package ddl_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
)

// FuzzParse wants no panic and an end in bounded time, of parsing and of
// applying what was parsed to a small catalog.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/server.sql")
	if err != nil {
		f.Fatal(err)
	}
	for _, sql := range strings.Split(string(text), ";\n") {
		f.Add(sql, byte(0))
	}
	for _, sql := range []string{before, "/*!1/*!2*/", "ALTER TABLE t ADD a INT DEFAULT 1e999999999", "XA", "((((", "ALTER TABLE t ALTER a SET DEFAULT ((", "'\\", "0x", "a.b.c"} {
		f.Add(sql, byte(255))
	}
	f.Fuzz(func(t *testing.T, sql string, bits byte) {
		mode := ddl.Mode{
			Database: "db", ANSIQuotes: bits&1 > 0, NoBackslashEscapes: bits&2 > 0,
			MariaDB: bits&4 > 0, ImplicitTimestamps: bits&8 > 0, RealAsFloat: bits&16 > 0,
		}
		start := time.Now()
		statements, err := ddl.Parse(sql, mode)
		if err != nil {
			if err.Error() == "" || len(statements) > 0 {
				t.Errorf("error %q with %d statements", err, len(statements))
			}
			return
		}
		c := ddl.NewCatalog(ddl.Database{Charset: "utf8mb4", Collation: "utf8mb4_bin"}, nil)
		c.Databases["db"] = c.Server
		apply(t, c, before)
		for _, s := range statements {
			changes, err := c.Apply(s, mode)
			if err != nil {
				continue
			}
			for _, change := range changes {
				if change.Table != nil && len(change.Table.Columns) == 0 {
					t.Errorf("a table without columns by %s", sql)
				}
			}
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %s for %d bytes", took, len(sql))
		}
	})
}
