package transaction

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

func (m *Machine) identify(e *Event) (Effect, error) {
	if m.group.state != outside {
		return None, m.fault(e, ErrOrder)
	}
	if e.Kind == Anonymous {
		if m.executed != nil && !m.ByFile() {
			return None, m.fault(e, ErrAnonymous)
		}
		m.open(e, opened)
		return Opened, nil
	}
	m.group.id, m.group.named, m.group.byID = e.ID, true, m.executed != nil
	m.open(e, opened)
	return Opened, nil
}

// open begins a group and finds out who lacks it.
func (m *Machine) open(e *Event, s state) {
	g := &m.group
	g.state = s
	g.start = position.Place{File: m.at.File, Pos: e.Start}
	g.time = e.Time
	m.base = nil
	if _, left := m.Ignored(); left || g.named && m.before != nil && m.before.Contains(g.id) {
		g.need = 0
		return
	}
	g.need = m.all
	for i, p := range m.behind {
		skip, ok := p.needs(g)
		if !ok {
			g.need &^= sdk.SinkSet(0).With(i)
		} else if skip > 0 {
			if g.skip == nil {
				g.skip = map[int]uint64{}
			}
			g.skip[i] = skip
		}
	}
}

func (m *Machine) begin(e *Event) (Effect, error) {
	to := inside
	if e.Kind == BeginXA {
		to = insideXA
	}
	switch m.group.state {
	case outside:
		if m.executed != nil {
			return None, m.fault(e, ErrAnonymous)
		}
		m.open(e, to)
		return Opened, nil
	case opened:
		m.group.state = to
		return None, nil
	}
	return None, m.fault(e, ErrOrder)
}

func (m *Machine) rows(e *Event) error {
	switch m.group.state {
	case inside:
	case insideXA:
		if e.Captured {
			return m.fault(e, ErrXA)
		}
	default:
		return m.fault(e, ErrOrder)
	}
	m.group.rows += e.Rows
	m.group.captured = m.group.captured || e.Captured
	return nil
}

func (m *Machine) commit(e *Event) (Effect, error) {
	if m.group.state != inside && m.group.state != insideXA {
		return None, m.fault(e, ErrOrder)
	}
	for _, skip := range m.group.skip {
		if m.group.rows < skip {
			return None, m.fault(e, ErrSkip)
		}
	}
	return m.close(e), nil
}

func (m *Machine) rollback(e *Event) (Effect, error) {
	if m.group.state == outside {
		return None, m.fault(e, ErrOrder)
	}
	if m.group.captured && m.group.need != 0 {
		return None, m.fault(e, ErrRolledBack)
	}
	if e.Kind == RollbackTo {
		return None, nil
	}
	return m.close(e), nil
}

// statement is a group of its own unless a transaction has begun.
func (m *Machine) statement(e *Event) (Effect, error) {
	switch m.group.state {
	case inside, insideXA:
		return None, nil
	case outside:
		if m.executed != nil {
			return None, m.fault(e, ErrAnonymous)
		}
		m.open(e, opened)
	}
	return m.close(e), nil
}

func (m *Machine) close(e *Event) Effect {
	if taken := m.ignore == nil || !m.ignore(m.group.id.Source.UUID); taken || !m.group.byID {
		if m.group.byID {
			m.executed.Add(m.group.id)
		}
		m.log.pass(m)
	}
	m.leave()
	m.at.Pos = e.End
	m.reached()
	for i, p := range m.behind {
		if p.passed(m.executed, m.at) {
			delete(m.behind, i)
		}
	}
	return Closed
}

func (m *Machine) leave() {
	m.group = group{need: m.group.need}
	m.base = nil
}

// restart takes a new file, or a server that begins anew: what is open then was
// never committed.
func (m *Machine) restart(e *Event) (Effect, error) {
	if m.group.captured && m.group.need != 0 {
		return None, m.fault(e, ErrUnfinished)
	}
	moved := m.group.state != outside
	m.leave()
	if e.Kind == Rotate {
		moved = moved || m.at != e.Place
		if m.at.File != e.Place.File {
			m.log.leaveFile()
		}
		m.at = e.Place
		if m.sure.File != "" { // else it may be the start of a file that is read by GTIDs
			m.reached()
		}
	}
	if moved {
		return Moved, nil
	}
	return None, nil
}

func (m *Machine) heartbeat(e *Event) Effect {
	if m.group.state != outside || e.Place.File != m.at.File || e.Place.Pos <= m.at.Pos {
		return None
	}
	m.at, m.base = e.Place, nil
	m.reached()
	return Moved
}

// reconnect remembers for the sinks what they have of the current group.
func (m *Machine) reconnect() {
	g := &m.group
	if g.state == outside {
		return
	}
	for i := range sdk.MaxSinks {
		if !g.need.Has(i) {
			continue
		}
		p := &Progress{Done: position.Position{Server: m.server, GTID: &gtid.Set{}, Place: g.start}, Skip: max(g.rows, g.skip[i])}
		if m.executed != nil {
			p.Done.GTID = m.executed.Clone()
		}
		if g.byID {
			id := g.id
			p.Done.In = &id
		}
		if old := m.behind[i]; old != nil && old.Done.GTID != nil {
			p.Done.GTID.Union(old.Done.GTID)
		}
		m.behind[i] = p
	}
	m.at = g.start
	m.leave()
}
