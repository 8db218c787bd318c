package main

import (
	"slices"
	"sync"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// kept is what a server keeps from being captured.
type kept struct {
	mu      sync.Mutex
	server  string // that was asked last
	notices []sdk.Notice
}

// settled says whether a server was asked before, and keeps nothing back.
func (k *kept) settled(uuid string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.server == uuid && len(k.notices) == 0
}

func (k *kept) set(uuid string, notices []sdk.Notice) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.server, k.notices = uuid, notices
}

func (k *kept) all() []sdk.Notice {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.notices)
}

// lookForHidden warns of what the server, or gtid.include, keeps from being
// captured: everything looks well then, and nothing comes. leat validate has the
// same as errors; a server may have been set up otherwise since.
func (s *Source) lookForHidden(conn *server.Conn, facts *server.Facts) {
	var notices []sdk.Notice
	for _, f := range s.checks().Hidden(conn, facts) {
		s.env.Logger.Warn("not all is captured", "check", f.Check, "reason", f.Message, "cure", f.Cure)
		notices = append(notices, sdk.Notice{Subject: f.Check, Message: f.Message, Cure: f.Cure, Since: time.Now().UTC()})
	}
	s.hidden.set(facts.UUID, notices)
}

// lookAgain does so at a new connection to a server that kept something back, which
// may have been mended, or to another one.
func (s *Source) lookAgain(conn *server.Conn, facts *server.Facts) {
	if !s.hidden.settled(facts.UUID) {
		s.lookForHidden(conn, facts)
	}
}

// Notices tells of what is not captured, of tables that are not equal any more,
// of what disturbs the source, and of log that the server deletes before the sinks have it.
func (s *Source) Notices() []sdk.Notice {
	return slices.Concat(s.hidden.all(), s.health.Notices(), s.marks.Notices(), s.monitor.Notices())
}
