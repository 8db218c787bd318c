package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/sdk"
)

// probeTimeout bounds the search for a place: a server reads its file up to it.
const probeTimeout = 2 * time.Minute

// Server is the log of a real server.
type Server struct {
	Settings *server.Settings
	// Ignore says of which servers transactions are left out; nil of none.
	Ignore func(gtid.UUID) bool
	// Conn and Facts are of the server that is judged.
	Conn  *server.Conn
	Facts *server.Facts
}

// Judge judges the server's log.
func (s *Server) Judge(ctx context.Context, from position.Position) (Verdict, error) {
	return Judge(from, asked{s, ctx})
}

// Order asks the server's log, which is the right one by this verdict, whether
// transactions that are newly taken come in order.
func (s *Server) Order(ctx context.Context, from position.Position, verdict Verdict, newly func(gtid.UUID) bool) error {
	return Order(from, verdict, asked{s, ctx}, newly)
}

// Takes says whether transactions of a server are taken, not left out.
func (s *Server) Takes(u gtid.UUID) bool { return s.Ignore == nil || !s.Ignore(u) }

// Sets returns what of the transactions that are taken was executed, and what of
// that is not in the log any more.
func (s *Server) Sets() (executed, purged *gtid.Set, err error) {
	executed, purged, err = s.Conn.Sets()
	if err != nil {
		return nil, nil, err
	}
	return executed.Filter(s.Takes), purged.Filter(s.Takes), nil
}

// Files lists the files of the log.
func (s *Server) Files() ([]server.LogFile, error) { return s.Conn.LogFiles() }

// Begun looks at the beginning of a log file: the position of a snapshot has no
// other transaction to be recognised by.
func (s *Server) Begun(ctx context.Context, file string) (binlog.Sight, error) {
	sight, err := s.probe(ctx, nil, position.Place{File: file, Pos: fileStart})
	if errors.Is(err, binlog.ErrWithheld) {
		err = nil
	}
	return sight, err
}

// Without adds to a set what is left out anyway and the server has executed: it
// would send all of that, or refuse to where its log has it no more.
func (s *Server) Without(set *gtid.Set) (*gtid.Set, error) {
	if set == nil || s.Ignore == nil {
		return set, nil
	}
	executed, _, err := s.Conn.Sets()
	if err != nil {
		return nil, err
	}
	out := set.Clone()
	out.Union(executed.Filter(s.Ignore))
	return out, nil
}

// probe looks on a connection of its own, which must lead to the same server.
func (s *Server) probe(ctx context.Context, set *gtid.Set, from position.Place) (binlog.Sight, error) {
	conn, err := s.Settings.Connect(ctx)
	if err != nil {
		return binlog.Sight{}, err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	facts, err := conn.Facts()
	if err != nil {
		return binlog.Sight{}, err
	}
	if facts.UUID != s.Facts.UUID {
		return binlog.Sight{}, sdk.Transient(fmt.Errorf("look into the log of %s: %s answers", s.Facts.UUID, facts.UUID))
	}
	sight, err := binlog.Probe(conn.Conn, s.Facts.MariaDB, set, from, probeTimeout)
	return sight, server.Marked(err)
}

// asked answers Judge's questions within a context.
type asked struct {
	*Server
	ctx context.Context
}

func (a asked) UUID() string { return a.Facts.UUID }

func (a asked) At(place position.Place) (binlog.Sight, error) { return a.probe(a.ctx, nil, place) }

func (a asked) All() (executed, purged *gtid.Set, err error) { return a.Conn.Sets() }

func (a asked) First(of *gtid.Set) (binlog.Sight, error) {
	executed, _, err := a.Conn.Sets()
	if err != nil {
		return binlog.Sight{}, err
	}
	return a.probe(a.ctx, executed.Subtract(of), position.Place{})
}
