package server

import (
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Changed is when a table's definition was last changed, in seconds since 1970 by
// the clock of the server; 0 if it does not tell. A rename is no such change.
type Changed struct {
	At     int64
	Server uint32
}

// Changed asks for it. The server calls it the time of creation.
func (c *Conn) Changed(n table.Name) (Changed, error) {
	rows, err := c.Ask("SELECT @@GLOBAL.server_id, COALESCE((SELECT UNIX_TIMESTAMP(create_time) FROM information_schema.tables WHERE table_schema = " +
		Literal(n.Database) + " AND table_name = " + Literal(n.Table) + "), 0)")
	if err != nil {
		return Changed{}, err
	}
	var out Changed
	if _, err := fmt.Sscan(rows[0][0]+" "+rows[0][1], &out.Server, &out.At); err != nil {
		return out, fmt.Errorf("read when table %s was changed: %w", n, err)
	}
	return out, nil
}
