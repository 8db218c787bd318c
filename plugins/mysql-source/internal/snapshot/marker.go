package snapshot

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/sdk"
)

// marker writes rows one behind, since the last of a table and the last of all
// are marked as such.
type marker struct {
	w        stream.Writer
	position sdk.Position
	offset   uint64

	schema sdk.SchemaID // of the row to come
	rows   [2]row.Row   // the one that waits, and the one to come
	waits  bool
	held   sdk.SchemaID // schema of the row that waits
	first  bool         // it is the first of its table
	fresh  bool         // the row to come is the first of its table
	tables int          // begun so far; if the first is empty, no row is marked as the first of all
	start  bool         // the row that waits is the first of the first table
	change sdk.Change   // the last one written
}

func (m *marker) table(id sdk.SchemaID) { m.schema, m.fresh, m.tables = id, true, m.tables+1 }

// next returns where the row to come is encoded.
func (m *marker) next() *row.Row { return &m.rows[1] }

// add takes the row that was encoded, and writes the one before it.
func (m *marker) add() error {
	if m.waits {
		if err := m.write(m.fresh, false); err != nil {
			return err
		}
	}
	m.rows[0], m.rows[1] = m.rows[1], m.rows[0]
	m.start = m.fresh && m.tables == 1
	m.waits, m.held, m.first, m.fresh = true, m.schema, m.fresh, false
	return nil
}

// end writes the last row.
func (m *marker) end() error {
	if !m.waits {
		return nil
	}
	m.waits = false
	return m.write(true, true)
}

func (m *marker) write(lastOfTable, last bool) error {
	mark := sdk.SnapshotTrue
	switch {
	case last:
		mark = sdk.SnapshotLast
	case m.start:
		mark = sdk.SnapshotFirst
	case lastOfTable:
		mark = sdk.SnapshotLastInTable
	case m.first:
		mark = sdk.SnapshotFirstInTable
	}
	m.change = sdk.Change{
		Op: sdk.Read, Snapshot: mark, Schema: m.held, Offset: m.offset,
		Key: m.rows[0].Key, After: m.rows[0].Value,
	}
	return m.w.Change(&m.change, m.position)
}
