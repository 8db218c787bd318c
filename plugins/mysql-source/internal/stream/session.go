package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/refusal"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// lostError is a connection that cannot be used any more, for a reason that may
// go away.
type lostError struct{ error }

func (e lostError) Unwrap() error { return e.error }

func lost(err error) bool {
	var l lostError
	return errors.As(err, &l) && sdk.IsTransient(l)
}

// session reads events until that fails.
func (s *Stream) session(ctx context.Context, retry *backoff) error {
	err := s.connection(ctx, retry)
	if errors.Is(err, errPassedOver) {
		s.byPlace = true
		err = s.connection(ctx, retry)
	}
	s.byPlace = false
	return err
}

// connection connects, and reads events until that fails.
func (s *Stream) connection(ctx context.Context, retry *backoff) error {
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		if sdk.IsTransient(err) {
			return lostError{err}
		}
		return err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	if err := s.dump(ctx, conn); err != nil {
		return err
	}
	return s.events(conn, retry) //nolint:contextcheck // heal has the context of Run
}

// dump has the server send its log, once that has proved to be the right one.
func (s *Stream) dump(ctx context.Context, conn *server.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(askTimeout)); err != nil {
		return lostError{err}
	}
	if err := s.verify(ctx, conn); err != nil {
		return err
	}
	if err := conn.SetDeadline(time.Now().Add(askTimeout)); err != nil { // a search of the log may have taken longer
		return lostError{err}
	}
	if s.Connected != nil {
		s.Connected(conn, s.facts)
	}
	from := s.machine.Resume()
	set, err := s.log(conn, s.facts).Without(from.GTID)
	if err != nil {
		return lostError{err}
	}
	if s.begins = set != nil && !s.byPlace; set != nil {
		from.Place = position.Place{}
	}
	if s.byPlace {
		from.Place = s.machine.Sure()
	}
	if err := binlog.Dump(conn.Conn, s.Replica, set, from.Place); err != nil {
		return lostError{server.Marked(err)}
	}
	s.pos = from.Pos
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return lostError{err}
	}
	return nil
}

// events handles events until there are no more.
func (s *Stream) events(conn *server.Conn, retry *backoff) error {
	if retry.loud() {
		s.Logger.Info("reading the binary log", "server", s.Server.Address(), "by_gtid", s.machine.GoesByGTID(), "position", s.machine.Position())
	}
	s.reading()
	s.reader = binlog.NewReader(conn.Conn.Conn.Conn, s.Silence, s.rest)
	for {
		e, err := s.reader.Next()
		if err != nil {
			return s.readError(err)
		}
		if !retry.works && progress(e) {
			retry.works = true
			s.Health.Ready()
		}
		if err := s.handle(e); err != nil {
			return err
		}
	}
}

// log is the server's log, for package history.
func (s *Stream) log(conn *server.Conn, facts *server.Facts) *history.Server {
	return &history.Server{Settings: s.Server, Ignore: s.Ignore, Conn: conn, Facts: facts}
}

// verify makes sure that the server has what comes next, before a row of it is
// taken, and notices when its log is another than before.
func (s *Stream) verify(ctx context.Context, conn *server.Conn) error {
	facts, err := conn.Facts()
	if err != nil {
		return lostError{err}
	}
	from := s.machine.Resume()
	verdict, err := s.log(conn, facts).Judge(ctx, from)
	if err == nil && facts.UUID != s.facts.UUID { // for the one of before it was asked at the start
		err = s.log(conn, facts).Order(ctx, from, verdict, s.newly)
	}
	if err != nil {
		return lostError{Refusal(err)}
	}
	switch {
	case facts.UUID != from.Server:
		s.Logger.Warn("another server answers", "before", from.Server, "now", facts.UUID)
		s.move(facts)
	case verdict == history.Elsewhere:
		s.Logger.Warn("the server's log was made anew, and has all that comes next", "server", facts.UUID, "position", from)
		s.move(facts)
	}
	s.facts = facts
	return s.told(facts.UUID)
}

// move goes on in another log, whose places come after all those before.
func (s *Stream) move(facts *server.Facts) {
	s.machine.Moved(facts.UUID)
	s.epoch = NewEpoch(s.epoch, time.Now())
}

// told writes the server and the epoch into the source state, if it does not have
// them.
func (s *Stream) told(uuid string) error {
	now := ServerState(uuid, s.epoch)
	if string(now.Value) == s.known {
		return nil
	}
	s.known = string(now.Value)
	if err := s.w.Direct(s.machine.All()); err != nil {
		return err
	}
	return s.w.State(now)
}

// Refusal is the error for a log that is not read, with its cure. It is permanent
// unless the server may yet catch up or was not to be asked.
func Refusal(err error) error {
	switch what := history.Cure(err); {
	case what == "":
		return err
	case errors.Is(err, history.ErrBehind):
		return sdk.Transient(fmt.Errorf("%w: %s", err, what))
	default:
		return sdk.Permanent(fmt.Errorf("%w: %s", err, what))
	}
}

// readError tells errors of the server that will stay from lost connections.
func (s *Stream) readError(err error) error {
	if errors.Is(err, binlog.ErrDamaged) {
		return sdk.Permanent(fmt.Errorf("read binary log at %s: %w", s.machine.Place(), withCure(err)))
	}
	if why, refused := refusal.Of(err, s.facts.LimitsEvents()); refused {
		return s.unsent(why, err)
	}
	if fatal := (writeError{}); errors.As(err, &fatal) {
		return fatal.error
	}
	return lostError{server.Marked(fmt.Errorf("read binary log: %w", err))}
}

// progress says whether an event shows that a connection works: each one begins
// with what stands at the beginning of a file, however soon it breaks then.
func progress(e *binlog.Event) bool {
	switch e.Type {
	case replication.HEARTBEAT_EVENT, replication.HEARTBEAT_LOG_EVENT_V2:
		return true
	case replication.FORMAT_DESCRIPTION_EVENT, replication.PREVIOUS_GTIDS_EVENT,
		replication.MARIADB_GTID_LIST_EVENT, replication.MARIADB_BINLOG_CHECKPOINT_EVENT:
		return false
	}
	return !e.Artificial()
}

// writeError is an error of the Writer that surfaced while reading.
type writeError struct{ error }
