package stream

import (
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

const (
	// warnEvery is how often it is said again that rows are left out.
	warnEvery = 10 * time.Minute
	// noteLeft is how long a notice tells of rows that were left out: they stay
	// missing, but whoever knows of it cannot say so.
	noteLeft = 24 * time.Hour
	// mostOrigins bounds the servers that are told of by themselves.
	mostOrigins = 32
)

// leftCure is what is to be done where the rows are wanted.
const leftCure = "if these rows are wanted, add the server_uuid to gtid.include (or take it out of gtid.exclude) soon: it can be added as long as they are newer than all that was taken, and needs a new snapshot from then on"

// ignored counts the transactions that gtid.include and gtid.exclude leave out,
// by the server that they are of: that all of them are would else look as if
// nothing was written. Most are of no matter here, as those of another service: it
// warns of those with rows of captured tables.
type ignored struct {
	counts map[gtid.UUID]uint64
	warned map[gtid.UUID]time.Time
	others uint64 // of servers beyond the most
}

// add counts one, and says how many there were of its server; 0 if that is one of
// the others.
func (i *ignored) add(u gtid.UUID) uint64 {
	if i.counts == nil {
		i.counts = map[gtid.UUID]uint64{}
	}
	if _, known := i.counts[u]; !known && len(i.counts) >= mostOrigins {
		i.others++
		return 0
	}
	i.counts[u]++
	return i.counts[u]
}

// warn says whether it is time to warn of a server whose rows are left out.
func (i *ignored) warn(u gtid.UUID, now time.Time) bool {
	if i.warned == nil {
		i.warned = map[gtid.UUID]time.Time{}
	}
	last, known := i.warned[u]
	if known && now.Sub(last) < warnEvery || !known && len(i.warned) >= mostOrigins {
		return false
	}
	i.warned[u] = now
	return true
}

// noteIgnored counts the current group if it is left out, and logs each server once.
func (s *Stream) noteIgnored() {
	u, ok := s.machine.Ignored()
	if !ok {
		return
	}
	switch s.ignored.add(u) {
	case 0:
		s.Meter.Ignored("other")
		return
	case 1:
		s.Logger.Info("transactions of a server are left out, as gtid.include and gtid.exclude say", "server_uuid", u.String(), "at", s.machine.Place().String())
	}
	s.Meter.Ignored(u.String())
}

// noteLeftRows warns of rows of a captured table in a group that is left out, once
// for its server and rarely from then on.
func (s *Stream) noteLeftRows(t *binlog.Table) {
	u, ok := s.machine.Ignored()
	if !ok || !s.ignored.warn(u, time.Unix(int64(s.seconds), 0)) {
		return
	}
	name := fmt.Sprintf("%s.%s", t.Schema, t.Table)
	s.Logger.Warn("rows of a captured table are left out, as gtid.include and gtid.exclude say of the server that wrote them",
		"server_uuid", u.String(), "table", name, "at", s.machine.Place().String(), "cure", leftCure)
	s.Health.Note("gtid "+u.String(), fmt.Sprintf("rows of captured tables that the server %s wrote are left out, as gtid.include and gtid.exclude say: of %s at %s", u, name, s.machine.Place()), leftCure, noteLeft)
}
