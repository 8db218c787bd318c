package meter

import (
	"maps"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// Tail is how far the log was read.
type Tail struct {
	// Server whose log it is, and where the connection began to read it; empty
	// before the first one.
	Server string
	Start  position.Place
	// Place behind the last transaction that was read.
	Place position.Place
	// Transactions is how many of those that are taken were read, ever; only where
	// Counted, as their identifiers are needed for it.
	Transactions uint64
	Counted      bool
	// Domains has the last sequence number that was read of each of MariaDB's.
	Domains map[uint32]uint64
}

// Group is a transaction, or a statement of its own, that was read.
type Group struct {
	// At is when it was committed, in microseconds since 1970.
	At int64
	// Taken says that it has a GTID, which is not left out.
	Taken bool
	// Sequence within Domain is MariaDB's; 0 for none.
	Domain   uint32
	Sequence uint64
}

// Reading says that a connection begins to read.
func (m *Meter) Reading(t Tail) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t.Domains = map[uint32]uint64{}
	m.tail = t
}

// Read says that a group was read, which ends at a place. What was counted of
// tables before is shown with it.
func (m *Meter) Read(g *Group, at position.Place) {
	m.lag.seen.Store(g.At)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tail.Place = at
	m.lastTransaction = max(m.lastTransaction, g.At)
	if g.Taken {
		m.tail.Transactions++
	}
	if g.Sequence != 0 {
		m.tail.Domains[g.Domain] = g.Sequence
	}
	m.flush()
}

// Rest says where the reader stands while it waits: places move without transactions too.
func (m *Meter) Rest(at position.Place) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tail.Place = at
}

// Tail returns how far the log was read.
func (m *Meter) Tail() Tail {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tail
	t.Domains = maps.Clone(t.Domains)
	return t
}
