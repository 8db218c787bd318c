package monitor

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// domains are MariaDB's sequence numbers before the place where a connection began
// to read.
type domains struct {
	place position.Place
	last  map[uint32]uint64
}

// askBehind compares what the server has with what was read, and with what the
// sinks have made durable.
func (m *Monitor) askBehind(read meter.Tail, tail *server.Tail, sinks []Sink) error {
	unread, err := m.transactions(read, tail)
	if err != nil {
		return err
	}
	b := meter.Behind{Sinks: map[string]meter.SinkBehind{}}
	if read.Server != "" {
		b.Bytes = m.bytes(read.Server, read.Place, tail)
	}
	for _, s := range sinks {
		b.Sinks[s.Name] = meter.SinkBehind{Transactions: m.unstored(s, tail), Bytes: m.bytes(s.At.Server, s.At.Place, tail)}
	}
	m.showBehind(unread, b)
	return nil
}

func (m *Monitor) showBehind(unread *uint64, b meter.Behind) {
	m.Meter.SetBehind(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unread = unread
}

// transactions returns how many the server has and were not read; nil where that
// cannot be counted.
func (m *Monitor) transactions(read meter.Tail, tail *server.Tail) (*uint64, error) {
	switch {
	case read.Server == "":
		return nil, nil
	case tail.Domains != nil && m.facts.UUID == read.Server:
		return m.sequences(read, tail)
	case tail.Executed != nil && read.Counted:
		n := lacking(m.executed(tail.Executed), read.Transactions)
		return &n, nil
	}
	return nil, nil
}

// executed counts those that are taken, not left out.
func (m *Monitor) executed(set *gtid.Set) uint64 {
	if m.Ignore == nil {
		return set.Count()
	}
	return set.Filter(m.takes).Count()
}

// lacking is 0 where the server answers as of a time before the reading.
func lacking(have, read uint64) uint64 { return have - min(read, have) }

// sequences counts by MariaDB's numbers, which rise by one within each domain. What
// was read of a domain since the connection began is known; for the others, the
// server is asked once what was before.
func (m *Monitor) sequences(read meter.Tail, tail *server.Tail) (*uint64, error) {
	var n uint64
	for domain, have := range tail.Domains {
		last, known := read.Domains[domain]
		if !known {
			start, err := m.atStart(read.Start)
			if start == nil || err != nil {
				return nil, err
			}
			last = start[domain]
		}
		n += lacking(have, last)
	}
	return &n, nil
}

func (m *Monitor) atStart(place position.Place) (map[uint32]uint64, error) {
	if m.start.place == place && place.File != "" {
		return m.start.last, nil
	}
	last, err := m.conn.DomainsAt(place)
	if err != nil {
		return nil, err
	}
	m.start = domains{place, last}
	return last, nil
}

// bytes returns those of the log behind a place on a server; nil where that is
// another log.
func (m *Monitor) bytes(on string, place position.Place, tail *server.Tail) *uint64 {
	if on != m.facts.UUID || place.File == "" {
		return nil
	}
	n, ok := m.files.bytes(place, tail.End)
	if !ok {
		return nil
	}
	return &n
}

// unstored returns how many transactions the server has and a sink has not made
// durable; nil where that cannot be counted.
func (m *Monitor) unstored(s Sink, tail *server.Tail) *uint64 {
	if tail.Executed == nil || s.At.GTID == nil {
		return nil
	}
	n := lacking(m.executed(tail.Executed), m.executed(s.At.GTID))
	return &n
}
