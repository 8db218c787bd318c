// Package ledger holds what writers have committed to tables against what a reader has seen of it.
//
// Each change gives its row a version that it never had before, so a change is told apart from
// every other of its row. A reader may see changes again, from an earlier one on, as after a
// restart; it must not leave one out, nor see one before the one before it.
package ledger

import (
	"maps"
	"strings"
	"sync"
)

// The kinds of change, in Debezium's letters.
const (
	Create = "c"
	Update = "u"
	Delete = "d"
	Read   = "r" // of a snapshot; seen, never committed
)

// Row names a row.
type Row struct {
	Table string // database.table
	ID    int64
}

// Change of a row. The version is the one that the row has then, of a deletion the one that it had.
type Change struct {
	Row
	Op      string
	Version int64
}

// Ledger is what was committed, a list a row. It is safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	changes map[Row][]Change
	settled Cut
}

// Cut is a moment of the ledger: how many changes each row had.
type Cut map[Row]int

// New returns an empty ledger.
func New() *Ledger { return &Ledger{changes: map[Row][]Change{}, settled: Cut{}} }

// Commit enters the changes of a transaction that was committed.
func (l *Ledger) Commit(changes ...Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range changes {
		l.changes[c.Row] = append(l.changes[c.Row], c)
	}
}

// Settle says that what a database has by now may have come by a snapshot: as its last state alone.
func (l *Ledger) Settle(database string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for row, changes := range l.changes {
		if strings.HasPrefix(row.Table, database+".") {
			l.settled[row] = len(changes)
		}
	}
}

// Cut returns the present moment.
func (l *Ledger) Cut() Cut {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := Cut{}
	for row, changes := range l.changes {
		out[row] = len(changes)
	}
	return out
}

// Of returns what a cut has of one database.
func (c Cut) Of(database string) Cut {
	out := maps.Clone(c)
	maps.DeleteFunc(out, func(r Row, _ int) bool { return !strings.HasPrefix(r.Table, database+".") })
	return out
}

// Size returns how many changes a database has had.
func (l *Ledger) Size(database string) (n int) {
	for _, changes := range l.Cut().Of(database) {
		n += changes
	}
	return n
}

// Rows returns the version of each row that a table has by the ledger.
func (l *Ledger) Rows(table string) map[int64]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[int64]int64{}
	for row, changes := range l.changes {
		if last := changes[len(changes)-1]; row.Table == table && last.Op != Delete {
			out[row.ID] = last.Version
		}
	}
	return out
}

// find returns the number of a change among those of its row, and how many of them are settled.
func (l *Ledger) find(seen Change) (at, settled int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	settled = l.settled[seen.Row]
	changes := l.changes[seen.Row]
	for at = len(changes) - 1; at >= 0; at-- {
		if changes[at].shows(seen) {
			return at, settled, true
		}
	}
	return 0, settled, false
}

// shows says whether what was seen is the change c.
func (c Change) shows(seen Change) bool {
	return c.Version == seen.Version && (c.Op == seen.Op || seen.Op == Read && c.Op != Delete)
}

// gone says whether a row was deleted, by its n-th change or a later one, in what is settled.
func (l *Ledger) gone(row Row, n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; n < l.settled[row]; n++ {
		if l.changes[row][n].Op == Delete {
			return true
		}
	}
	return false
}
