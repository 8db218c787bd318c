package transaction

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// GoesByGTID says whether the machine leaves out what is in its set, not what
// stands before a place.
func (m *Machine) GoesByGTID() bool { return m.executed != nil }

// ByGTID has the machine go by GTIDs from now on. executed must be what stands in
// the log before the next group, with what is gone from the log. It returns false,
// and changes nothing, inside a group, and where a sink has more than that.
func (m *Machine) ByGTID(executed *gtid.Set) bool {
	if m.executed != nil || !m.Outside() || m.Behind() {
		return false
	}
	m.executed, m.before, m.base = executed, nil, nil
	return true
}

// ByFile has it go by file and offset from now on, where the log has transactions
// without GTIDs. It returns false, and changes nothing, where a place does not tell
// what was executed: in another server's log than that of the place.
func (m *Machine) ByFile() bool {
	if m.executed == nil || m.Sure().File == "" {
		return false
	}
	m.executed, m.before, m.base = nil, m.executed, nil
	m.at, m.group.byID = m.sure, false
	if m.log.last.Pos == 0 {
		m.log.known = false
	}
	return true
}

// Sure returns a place before which all is executed, without a file if the log is
// not known that well.
func (m *Machine) Sure() position.Place {
	for _, p := range m.behind {
		if p.Done.Server != m.server {
			return position.Place{}
		}
	}
	return m.sure
}

// reached remembers how far the log is executed: a server that is asked by GTIDs
// begins at the start of a file, and leaves out what was executed.
func (m *Machine) reached() {
	if m.sure == (position.Place{}) || m.sure.Compare(m.at) < 0 {
		m.sure = m.at
	}
}
