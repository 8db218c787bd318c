package snapshot

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// mariaDB looks for what only MariaDB has: sequences, which are kept among the
// definitions so that their rows in the log are known for what they are, and
// captured tables that cannot be read.
func (s *Snapshot) mariaDB(conn *server.Conn) error {
	if !s.facts.MariaDB {
		return nil
	}
	sequences, err := conn.Sequences()
	if err != nil {
		return err
	}
	for _, n := range sequences {
		if s.defs.Follow(n) {
			s.state = append(s.state, s.defs.Put(&table.Table{Database: n.Database, Name: n.Table, Sequence: true}))
		}
	}
	for _, t := range s.tables {
		if err := conn.OldTimes(t.def.ID()); err != nil {
			return sdk.Permanent(err)
		}
	}
	return nil
}
