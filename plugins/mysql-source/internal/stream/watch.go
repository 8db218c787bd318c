package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
)

// errUnsent is a dump thread that does not send what is in the log: after a reset
// it stays at a file that was deleted, and goes on with heartbeats. Likewise one of
// a server that the address leads to no more.
var errUnsent = errors.New("the log is another than the one that is sent, as after a reset, or behind a proxy that leads to another server now")

// watch compares, while nothing is sent, where the log ends with what was read.
type watch struct {
	since  time.Time      // when the stream was first seen to rest at place
	place  position.Place // where it rests
	missed position.Place // the end of the log that was not sent by the last question
	tried  position.Place // the end for which a connection was made anew already
	// executed is what the server had executed at place by the last question.
	executed *gtid.Set
}

// same says whether the server has executed at this place what it had by the
// question before: a transaction is in the log a moment before it is in the set.
func (w *watch) same(executed *gtid.Set) bool {
	before := w.executed
	w.executed = executed
	return executed != nil && before != nil && executed.Includes(before) && before.Includes(executed)
}

// due says whether to ask: the stream has rested at a place long enough.
func (w *watch) due(place position.Place, now time.Time, every time.Duration) bool {
	if place != w.place {
		*w = watch{since: now, place: place, tried: w.tried}
		return false
	}
	if now.Sub(w.since) < every {
		return false
	}
	w.since = now
	return true
}

// behind says whether the log ends elsewhere than where the stream rests. What was
// written just now may be on its way, so an end has to be seen twice; and for one
// end a new connection is tried once.
func (w *watch) behind(end position.Place) bool {
	if end == w.place || end == w.tried {
		w.missed = position.Place{}
		return false
	}
	if w.missed == (position.Place{}) {
		w.missed = end
		return false
	}
	w.tried, w.missed = end, position.Place{}
	return true
}

// look asks the server about its log if the stream rests. A question that fails is
// left to the connection that reads: it breaks too, or the next one is answered.
func (s *Stream) look(now time.Time) error {
	if !s.machine.Outside() || !s.watch.due(s.machine.Place(), now, s.WatchEvery) {
		return nil
	}
	end, executed, err := s.end(s.ctx)
	switch {
	case errors.Is(err, errUnsent):
		return lostError{err}
	case err != nil:
		s.Logger.Debug("cannot ask where the log ends", "error", err)
	case s.watch.behind(end):
		return lostError{fmt.Errorf("%w: it ends at %s, and heartbeats say %s", errUnsent, end, s.watch.place)}
	case end == s.watch.place && s.watch.same(executed):
		s.adopt(executed)
	}
	return nil
}

// askEnd asks on a connection of its own where the log ends, and whether it is
// still the one that was read. It returns what is executed there as well, nil
// without GTIDs.
func (s *Stream) askEnd(ctx context.Context) (position.Place, *gtid.Set, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	none := position.Place{}
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		return none, nil, err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	facts, err := conn.Facts()
	if err != nil {
		return none, nil, err
	}
	if facts.UUID != s.facts.UUID {
		at, err := s.elsewhere(conn, facts)
		return at, nil, err
	}
	verdict, err := s.log(conn, facts).Judge(ctx, s.machine.Resume())
	if history.Cure(err) != "" {
		return none, nil, fmt.Errorf("%w: %w", errUnsent, err)
	}
	if err != nil {
		return none, nil, err
	}
	if verdict != history.Same {
		return none, nil, fmt.Errorf("%w: it has the same transactions at other places", errUnsent)
	}
	return conn.Log(facts.ByGTID)
}

// elsewhere judges another server that answers at the address, as behind a proxy
// that has failed over while the connection to the server of before goes on. What
// it has executed and the stream has not is an end of the log that is not sent.
// Without GTIDs nothing is told of another server.
func (s *Stream) elsewhere(conn *server.Conn, facts *server.Facts) (position.Place, error) {
	here := s.machine.Place()
	read := s.machine.Resume().GTID
	if read == nil || !facts.ByGTID {
		return here, nil
	}
	executed, _, err := s.log(conn, facts).Sets()
	if err != nil || read.Includes(executed) {
		return here, err
	}
	at, _, err := conn.Log(false)
	at.File = "server " + facts.UUID + ", " + at.File
	return at, err
}
