package stream

import (
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

const (
	// warnEvery is how often it is said again that transactions are left out.
	warnEvery = 10 * time.Minute
	// mostOrigins bounds the servers that are counted by themselves.
	mostOrigins = 32
)

// ignored counts the transactions that gtid.include and gtid.exclude leave out,
// by the server that they are of: that all of them are would else look as if
// nothing was written.
type ignored struct {
	counts map[gtid.UUID]uint64
	warned map[gtid.UUID]time.Time
	others uint64 // of servers beyond the most
}

// add counts one, and says whether it is time to warn.
func (i *ignored) add(u gtid.UUID, now time.Time) bool {
	if i.counts == nil {
		i.counts, i.warned = map[gtid.UUID]uint64{}, map[gtid.UUID]time.Time{}
	}
	if _, known := i.counts[u]; !known && len(i.counts) >= mostOrigins {
		i.others++
		return false
	}
	i.counts[u]++
	if last, ok := i.warned[u]; ok && now.Sub(last) < warnEvery {
		return false
	}
	i.warned[u] = now
	return true
}

// noteIgnored counts the current group if it is left out, and warns of its
// server once, and rarely from then on.
func (s *Stream) noteIgnored() {
	u, ok := s.machine.Ignored()
	if !ok {
		return
	}
	if _, known := s.ignored.counts[u]; known || len(s.ignored.counts) < mostOrigins {
		s.Meter.Ignored(u.String())
	} else {
		s.Meter.Ignored("other")
	}
	if s.ignored.add(u, time.Unix(int64(s.seconds), 0)) {
		s.Logger.Warn("transactions of a server are left out, as gtid.include and gtid.exclude say: mend them if its rows are wanted, for which a new snapshot is needed then",
			"server_uuid", u.String(), "transactions", s.ignored.counts[u], "at", s.machine.Place().String())
	}
}
