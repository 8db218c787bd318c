package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// lostError is a connection that cannot be used any more, for a reason that may
// go away.
type lostError struct{ error }

func (e lostError) Unwrap() error { return e.error }

func lost(err error) bool {
	var l lostError
	return errors.As(err, &l)
}

// session connects, and reads events until that fails.
func (s *Stream) session(ctx context.Context, retry *backoff) error {
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		if sdk.IsTransient(err) {
			return lostError{err}
		}
		return err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	if err := conn.SetDeadline(time.Now().Add(askTimeout)); err != nil {
		return lostError{err}
	}
	if err := s.verify(conn); err != nil {
		return err
	}
	from := s.machine.Resume()
	set, err := s.without(conn, from.GTID)
	if err != nil {
		return lostError{err}
	}
	if err := binlog.Dump(conn.Conn, s.Replica, set, from.Place); err != nil {
		return lostError{err}
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return lostError{err}
	}
	s.Logger.Info("reading the binary log", "server", s.Server.Address(), "position", string(s.machine.Position().Base()))
	s.pos = from.Pos
	s.reader = binlog.NewReader(conn.Conn.Conn.Conn, s.Silence, s.rest)
	for {
		e, err := s.reader.Next()
		if err != nil {
			return s.readError(err)
		}
		retry.reset()
		if err := s.handle(e); err != nil { //nolint:contextcheck // heal has the context of Run
			return err
		}
	}
}

// without adds to a set what is left out anyway and the server has no more: it
// would refuse to send its log to one who lacks that.
func (s *Stream) without(conn *server.Conn, set *gtid.Set) (*gtid.Set, error) {
	if set == nil || s.Ignore == nil {
		return set, nil
	}
	_, purged, err := conn.Sets()
	if err != nil {
		return nil, err
	}
	out := set.Clone()
	out.Union(purged.Filter(s.Ignore))
	return out, nil
}

// verify makes sure that the server has what comes next, before a row of it is
// taken, and notices when it is another server than before.
func (s *Stream) verify(conn *server.Conn) error {
	facts, err := conn.Facts()
	if err != nil {
		return lostError{err}
	}
	if facts.UUID != s.facts.UUID {
		s.Logger.Warn("another server answers", "before", s.facts.UUID, "now", facts.UUID)
		s.machine.Moved(facts.UUID)
		s.epoch++
	}
	before := s.facts.UUID
	s.facts = facts
	from := s.machine.Resume()
	from.Server = before
	if err := Reachable(conn, facts, from, s.Ignore); err != nil || facts.UUID == s.known {
		return err
	}
	s.known = facts.UUID
	if err := s.w.Direct(s.machine.All()); err != nil {
		return err
	}
	return s.w.State(ServerState(facts.UUID, s.epoch))
}

// Reachable says whether the server still has everything behind a position.
// Its errors are permanent, unless the server may yet catch up. ignore says of
// which servers transactions are left out, nil of none.
func Reachable(conn *server.Conn, facts *server.Facts, from position.Position, ignore func(gtid.UUID) bool) error {
	if from.GTID == nil {
		return reachableFile(conn, facts, from)
	}
	executed, purged, err := conn.Sets()
	if err != nil {
		return lostError{err}
	}
	if ignore != nil {
		taken := func(u gtid.UUID) bool { return !ignore(u) }
		purged, from.GTID = purged.Filter(taken), from.GTID.Filter(taken)
	}
	if gap := purged.Subtract(from.GTID); !gap.Empty() {
		return sdk.Permanent(fmt.Errorf("the server has purged transactions from its binary log that were not read yet: %s: point the source at a server that still has them, or remove the checkpoint so that a new snapshot is taken", gap))
	}
	if ahead := from.GTID.Subtract(executed); !ahead.Empty() {
		return lostError{fmt.Errorf("the server has not executed transactions that were read before: %s: wait until it has caught up, point the source at a server that has them, or leave their servers out with gtid.exclude", ahead)}
	}
	return nil
}

func reachableFile(conn *server.Conn, facts *server.Facts, from position.Position) error {
	if from.Server != "" && from.Server != facts.UUID {
		return sdk.Permanent(fmt.Errorf("position %s belongs to the server %s, and %s answers: without GTIDs a position holds for one server only: point the source at that server, or remove the checkpoint so that a new snapshot is taken", from.Place, from.Server, facts.UUID))
	}
	files, err := conn.LogFiles()
	if err != nil {
		return lostError{err}
	}
	for _, f := range files {
		if f.Name != from.File {
			continue
		}
		if f.Size < from.Pos {
			return sdk.Permanent(fmt.Errorf("log file %s has %d bytes, and was read up to %d before: the server has lost some of its log: remove the checkpoint so that a new snapshot is taken", f.Name, f.Size, from.Pos))
		}
		return nil
	}
	return sdk.Permanent(fmt.Errorf("the server has purged log file %s, which was not read to its end: remove the checkpoint so that a new snapshot is taken, and keep logs longer (binlog_expire_logs_seconds)", from.File))
}

// readError tells errors of the server that will stay from lost connections.
func (s *Stream) readError(err error) error {
	var my *mysql.MyError
	if errors.Is(err, binlog.ErrDamaged) {
		return sdk.Permanent(fmt.Errorf("read binary log at %s: %w", s.machine.Place(), err))
	}
	if errors.As(err, &my) && my.Code == mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG {
		return sdk.Permanent(fmt.Errorf("the server cannot send its binary log from %s: %s: if that part was purged, remove the checkpoint so that a new snapshot is taken", s.machine.Position().Base(), my.Message))
	}
	if fatal := (writeError{}); errors.As(err, &fatal) {
		return fatal.error
	}
	return lostError{fmt.Errorf("read binary log: %w", err)}
}

// writeError is an error of the Writer that surfaced while reading.
type writeError struct{ error }

// backoff spaces the attempts to connect.
type backoff struct {
	patience time.Duration
	since    time.Time
	wait     time.Duration
}

const (
	firstWait = 100 * time.Millisecond
	lastWait  = 15 * time.Second
)

// next returns how long to wait, and false if it is time to give up.
func (b *backoff) next(now time.Time) (time.Duration, bool) {
	if b.since.IsZero() {
		b.since = now
	}
	if now.Sub(b.since) > b.patience {
		return 0, false
	}
	b.wait = min(max(2*b.wait, firstWait), lastWait)
	return b.wait, true
}

func (b *backoff) reset() { b.since, b.wait = time.Time{}, 0 }
