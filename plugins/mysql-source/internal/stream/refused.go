package stream

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/refusal"
	"github.com/leat-io/leat/sdk"
)

// errTwin is a connection that the server has ended in favour of another reader.
var errTwin = errors.New("another replica or pipeline reads this server with the same server_id")

// refusedError is a server that does not send its log, for a reason that goes away
// once it is mended there.
type refusedError struct{ error }

func (e refusedError) Unwrap() error { return e.error }

// unsent is the error for a log that the server cannot send. What stands behind
// it, such as a reset or a purge, is found when it is judged at the next connection;
// only what comes again before a further transaction is read is for good.
func (s *Stream) unsent(why refusal.Refusal, err error) error {
	if why.Kind == refusal.Twin {
		return lostError{fmt.Errorf("%w: %s: %w", errTwin, why.Cure, err)}
	}
	if why.Kind == refusal.Mode && s.machine.ByFile() {
		s.Logger.Warn("the server does not send its log by GTID any more: going on by file and offset", "position", s.machine.Position(), "reason", err)
		return lostError{err}
	}
	err = fmt.Errorf("the server cannot send its binary log from %s: %w: %s", s.machine.Position(), err, why.Cure)
	from := done(s.machine.Resume())
	if waits := why.Kind == refusal.Setting || why.Kind == refusal.Mode; waits || s.refused != from {
		s.refused = from
		return lostError{refusedError{err}}
	}
	return sdk.Permanent(err)
}

// done is what a connection that begins at a position does not send again.
func done(p position.Position) string {
	if p.GTID != nil {
		return p.GTID.String()
	}
	return p.Place.String()
}
