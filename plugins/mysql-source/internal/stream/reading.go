package stream

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
)

// reading tells the meter where a connection begins, so that what the server has
// beyond can be counted beside the reading.
func (s *Stream) reading() {
	from := s.machine.Resume()
	t := meter.Tail{Server: from.Server, Start: from.Place, Place: from.Place, Counted: from.GTID != nil}
	if t.Counted {
		t.Transactions = from.GTID.Filter(s.takes).Count()
	}
	s.Meter.Reading(t)
}

// takes says whether transactions of a server are taken, not left out.
func (s *Stream) takes(u gtid.UUID) bool { return s.Ignore == nil || !s.Ignore(u) }
