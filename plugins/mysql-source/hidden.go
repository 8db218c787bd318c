package main

import (
	"slices"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// lookForHidden warns of what the server, or gtid.include, keeps from being
// captured: everything looks well then, and nothing comes. leat validate has the
// same as errors; a server may have been set up otherwise since.
func (s *Source) lookForHidden(conn *server.Conn) {
	s.hidden = nil
	for _, f := range s.checks().Hidden(conn, s.facts) {
		s.env.Logger.Warn("not all is captured", "check", f.Check, "reason", f.Message, "cure", f.Cure)
		s.hidden = append(s.hidden, sdk.Notice{Subject: f.Check, Message: f.Message, Cure: f.Cure, Since: time.Now().UTC()})
	}
}

// Notices tells of what is not captured, of tables that are not equal any more,
// and of log that the server deletes before the sinks have it.
func (s *Source) Notices() []sdk.Notice {
	return slices.Concat(s.hidden, s.health.Notices(), s.marks.Notices(), s.monitor.Notices())
}
