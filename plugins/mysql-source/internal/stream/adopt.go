package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// A stream that goes by file, as its server had no GTIDs when it began, goes by
// GTIDs once the server has gtid_mode=ON and all that stands in the log before a
// place is known: at the beginning of a file, which says so, and where the log ends
// and the server has executed no more. Neither holds where the server is never at
// rest, until it begins a new file.

// fileStart is the offset of a file's first event.
const fileStart = 4

var errMode = errors.New("the server's gtid_mode is not ON, or another server answers")

// previousGTIDs takes what the log has before the file, if that is read from its
// beginning.
func (s *Stream) previousGTIDs(e *binlog.Event) error {
	s.previous = nil
	if s.facts.MariaDB || s.machine.GoesByGTID() || s.machine.Place().Pos != fileStart {
		return nil
	}
	set, err := gtid.ParseBinary(e.Body)
	if err != nil {
		return s.stop(fmt.Errorf("%w: PREVIOUS_GTIDS: %w", binlog.ErrDamaged, err))
	}
	s.previous = set
	return nil
}

// adoptPrevious goes by GTIDs from the file's first transaction on, if that has one.
func (s *Stream) adoptPrevious(e *binlog.Event) {
	previous := s.previous
	s.previous = nil
	if previous != nil && e.Type != replication.ANONYMOUS_GTID_EVENT {
		s.adopt(previous)
	}
}

// adopt goes by GTIDs from here on, where executed is what stands in the log before.
// What does not work out now is left to the next file.
func (s *Stream) adopt(executed *gtid.Set) {
	if s.machine.GoesByGTID() || s.machine.Behind() {
		return
	}
	facts, set, err := s.sets(s.ctx, executed)
	if err != nil {
		s.Logger.Info("going by file and offset still, though transactions have GTIDs", "at", s.machine.Place().String(), "reason", err)
		return
	}
	if !s.machine.ByGTID(set) {
		return
	}
	s.facts = facts
	s.idle.moved = true
	s.Logger.Info("going by GTIDs from now on, so that another server may take over", "position", s.machine.Position())
}

// askSets completes what stands in the log before a place by what is gone from it:
// of that nothing can come any more, while the file of the place is there.
func (s *Stream) askSets(ctx context.Context, before *gtid.Set) (*server.Facts, *gtid.Set, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	facts, err := conn.Facts()
	if err != nil {
		return nil, nil, err
	}
	if !facts.ByGTID || facts.UUID != s.facts.UUID {
		return nil, nil, errMode
	}
	executed, purged, err := conn.Sets()
	if err != nil {
		return nil, nil, err
	}
	files, err := conn.LogFiles()
	if err != nil {
		return nil, nil, err
	}
	set := before.Clone()
	set.Union(purged)
	if err := known(s.machine.Place(), set, executed, files); err != nil {
		return nil, nil, err
	}
	return facts, set.Filter(s.log(conn, facts).Takes), nil
}

// known says why a set is not what the server executed before a place of its log.
func known(at position.Place, set, executed *gtid.Set, files []server.LogFile) error {
	there := slices.ContainsFunc(files, func(f server.LogFile) bool { return f.Name == at.File && f.Size >= at.Pos })
	switch {
	case !there:
		return fmt.Errorf("the server has no log up to %s", at)
	case !executed.Includes(set):
		return fmt.Errorf("the server has not executed %s, which its log has", set.Subtract(executed))
	}
	return nil
}
