package transaction

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// landmark is what a log is recognised by when it is read again: when the file
// was begun, and the last transaction that was taken from it. It costs no
// allocation a transaction.
type landmark struct {
	created int64
	known   bool
	last    position.Anchor // its ID is &id, or nil
	id      gtid.GTID
	name    string // the text of id
}

func (l *landmark) start(s *Start) {
	l.created = s.Created
	if s.Anchor == nil || (s.Anchor.ID == nil) != (s.Executed == nil) {
		return
	}
	l.known, l.last = true, *s.Anchor
	if l.last.ID != nil {
		l.id, l.name = *l.last.ID, l.last.ID.String()
		l.last.ID = &l.id
	}
}

// pass makes the group that closes the anchor.
func (l *landmark) pass(m *Machine) {
	g := &m.group
	l.known, l.name = true, ""
	l.last = position.Anchor{Pos: g.start.Pos, Time: g.time}
	if g.byID {
		l.id, l.name = g.id, m.Name()
		l.last.ID = &l.id
	}
}

// leaveFile forgets what is only true of the file.
func (l *landmark) leaveFile() {
	l.created, l.last.Pos = 0, 0
	l.known = l.known && l.last.ID != nil
}

// anchor returns the last transaction, nil if none is known. It holds until the
// next one passes.
func (l *landmark) anchor() *position.Anchor {
	if !l.known {
		return nil
	}
	return &l.last
}

// copied is an anchor that holds for ever.
func (l *landmark) copied() *position.Anchor {
	if !l.known {
		return nil
	}
	a := l.last
	if a.ID != nil {
		id := l.id
		a.ID = &id
	}
	return &a
}
