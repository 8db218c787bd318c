package table

import (
	"errors"
	"slices"
)

// ErrByTransaction refuses a table whose rows are not in the log.
var ErrByTransaction = errors.New("its rows are versioned by the numbers of transactions (ROW START as BIGINT), and MariaDB logs changes of such a table as statements, not as rows: exclude the table, or version it by TIMESTAMP(6)")

// Period says which end of a row's period a column holds.
type Period string

// The two ends: AS ROW START and AS ROW END.
const (
	RowStart Period = "start"
	RowEnd   Period = "end"
)

// Names of the period columns that the server adds, hidden, where a versioned
// table declares none.
const (
	hiddenStart = "row_start"
	hiddenEnd   = "row_end"
)

// RowEndColumn is the index, among the columns of a row image, of the column
// that tells current rows of a versioned table from those of its history; -1
// for a table without history.
func (t *Table) RowEndColumn() int {
	if !t.Versioned {
		return -1
	}
	if i := t.rowEnd(); i >= 0 {
		return i
	}
	return len(t.Columns) + 1 // behind row_start, behind the table's own
}

// ByTransaction reports whether the periods of rows are numbers of transactions
// instead of times. MariaDB logs changes of such a table as statements.
func (t *Table) ByTransaction() bool {
	i := t.rowEnd()
	return t.Versioned && i >= 0 && t.Columns[i].Type != "TIMESTAMP"
}

// rowEnd is the index of the declared end of the period, -1 for none.
func (t *Table) rowEnd() int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Period == RowEnd })
}

// dropRowEnd takes the end of the period out of the indexes: the server adds it
// to unique ones, so that history may repeat a key. Current rows all have the
// same end, and are told apart by what the statement named.
func (t *Table) dropRowEnd() {
	i := t.rowEnd()
	if i < 0 {
		return
	}
	for n := range t.Indexes {
		x := &t.Indexes[n]
		if parts := slices.DeleteFunc(slices.Clone(x.Parts), func(p Part) bool { return t.Find(p.Column) == i }); len(parts) > 0 {
			x.Parts = parts
		}
	}
}
