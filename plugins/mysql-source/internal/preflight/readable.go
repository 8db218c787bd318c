package preflight

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// readable says why rows of a captured table cannot be read, as the snapshot
// would.
func (c *Checks) readable(conn *server.Conn, f *server.Facts, def *table.Table) error {
	plan, err := row.Compile(def, c.Filter.Columns(def.ID()))
	if err != nil || !f.MariaDB {
		return err
	}
	if f.OmitsGenerated() {
		if err := plan.CheckGenerated(); err != nil {
			return err
		}
	}
	return conn.OldTimes(def.ID())
}
