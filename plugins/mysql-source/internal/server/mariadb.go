package server

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// OmitsGenerated reports whether the server leaves generated columns out of the
// images of rows that are updated or deleted, whatever binlog_row_image says:
// MariaDB does since 11.4.
func (f *Facts) OmitsGenerated() bool {
	if !f.MariaDB {
		return false
	}
	major, minor := f.release()
	return major > 11 || major == 11 && minor >= 4
}

// release gives the first two numbers of the version; 0 for what is no number.
func (f *Facts) release() (major, minor int) {
	parts := strings.SplitN(strings.TrimPrefix(f.Version, "5.5.5-"), ".", 3)
	if len(parts) < 2 {
		return 0, 0
	}
	major, _ = strconv.Atoi(parts[0])
	minor, _ = strconv.Atoi(parts[1])
	return major, minor
}

// Sequences lists MariaDB's.
func (c *Conn) Sequences() ([]table.Name, error) {
	rows, err := c.Ask("SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'SEQUENCE' ORDER BY table_schema, table_name")
	if err != nil {
		return nil, err
	}
	out := make([]table.Name, len(rows))
	for i, r := range rows {
		out[i] = table.Name{Database: r[0], Table: r[1]}
	}
	return out, nil
}

// OldTimes is an error for a table that has dates or times in MariaDB's own form
// before 10.1, which its log does not describe.
func (c *Conn) OldTimes(n table.Name) error {
	rows, err := c.Ask("SELECT column_name FROM information_schema.columns WHERE table_schema = " + Literal(n.Database) + " AND table_name = " + Literal(n.Table) +
		" AND data_type IN ('time', 'datetime', 'timestamp') AND column_type LIKE '%mariadb-5.3%' ORDER BY ordinal_position")
	if err != nil || len(rows) == 0 {
		return err
	}
	return fmt.Errorf("column %s of table %s is a time in MariaDB's form before 10.1, which its log does not describe: set mysql56_temporal_format=ON and rebuild the table with ALTER TABLE %s FORCE, or exclude the table", rows[0][0], n, n)
}
