package meter

import (
	"cmp"
	"slices"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

const (
	// shownTables is how many tables are told of by name.
	shownTables = 200
	// quiet is how long a table has not changed before another takes its place, in
	// microseconds.
	quiet = 3600 * 1e6
	// flushRows is how many rows of a transaction are counted before they are shown.
	flushRows = 1 << 16
)

// Table counts the rows of one table. It is of the reading goroutine.
type Table struct {
	meter *Meter
	name  table.Name
	rows  uint64
	at    int64
	// touched says that the meter knows of the rows, and place where they are shown.
	touched bool
	place   *TableRows
}

// TableRows is what was sent of one table.
type TableRows struct {
	// Name is empty for all tables that are not told of by name.
	Name table.Name
	Rows uint64
	// Last is when the newest of them was changed, in microseconds since 1970.
	Last  int64
	table *Table
}

// Table returns the counter of a table.
func (m *Meter) Table(name table.Name) *Table {
	t := m.byName[name]
	if t == nil {
		t = &Table{meter: m, name: name}
		m.byName[name] = t
	}
	return t
}

// Sent counts rows that were changed at a time in microseconds since 1970. They
// are shown once their transaction is read, or are many.
func (t *Table) Sent(rows uint64, at int64) {
	t.rows += rows
	t.at = max(t.at, at)
	if !t.touched {
		t.touched = true
		t.meter.touched = append(t.meter.touched, t)
	}
	if t.rows >= flushRows {
		t.meter.mu.Lock()
		defer t.meter.mu.Unlock()
		t.meter.flush()
	}
}

// flush shows what was counted; the lock is held.
func (m *Meter) flush() {
	for _, t := range m.touched {
		to := m.placeOf(t)
		to.Rows += t.rows
		to.Last = max(to.Last, t.at)
		m.lastRow = max(m.lastRow, t.at)
		t.rows, t.touched = 0, false
	}
	m.touched = m.touched[:0]
}

// placeOf returns where rows of a table are shown.
func (m *Meter) placeOf(t *Table) *TableRows {
	if t.place != nil {
		return t.place
	}
	if len(m.shown) == shownTables && !m.makeRoom(t.at) {
		return &m.others
	}
	t.place = &TableRows{Name: t.name, table: t}
	m.shown = append(m.shown, t.place)
	return t.place
}

// makeRoom takes the place from the table that has not changed for longest, if
// that is long. Its rows are among those of the others then, so that these never
// become fewer. Tables are not gone through more than once a second of the log.
func (m *Meter) makeRoom(now int64) bool {
	if now < m.fullUntil {
		return false
	}
	oldest := slices.MinFunc(m.shown, func(a, b *TableRows) int { return cmp.Compare(a.Last, b.Last) })
	if now-oldest.Last < quiet {
		m.fullUntil = now + 1e6
		return false
	}
	m.others.Rows += oldest.Rows
	m.others.Last = max(m.others.Last, oldest.Last)
	oldest.table.place = nil
	m.shown = slices.DeleteFunc(m.shown, func(r *TableRows) bool { return r == oldest })
	return true
}

// Progress is what was read and sent, apart from heartbeats.
type Progress struct {
	// LastTransaction and LastRow are in microseconds since 1970, 0 if there is none.
	LastTransaction, LastRow int64
	// Tables, the one that changed most recently first; those without a place of
	// their own together at the end.
	Tables []TableRows
}

// Progress returns it.
func (m *Meter) Progress() Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := Progress{LastTransaction: m.lastTransaction, LastRow: m.lastRow}
	for _, r := range m.shown {
		p.Tables = append(p.Tables, TableRows{Name: r.Name, Rows: r.Rows, Last: r.Last})
	}
	slices.SortFunc(p.Tables, func(a, b TableRows) int {
		return cmp.Or(cmp.Compare(b.Last, a.Last), cmp.Compare(a.Name.Database, b.Name.Database), cmp.Compare(a.Name.Table, b.Name.Table))
	})
	if m.others.Rows > 0 {
		p.Tables = append(p.Tables, TableRows{Rows: m.others.Rows, Last: m.others.Last})
	}
	return p
}
