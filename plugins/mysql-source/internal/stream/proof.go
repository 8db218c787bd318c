package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

const (
	// askTimeout bounds a question to the server that the stream waits for.
	askTimeout = 30 * time.Second
	// catchUp bounds how long a server that lags is given to come here, in seconds.
	catchUp = 5
)

var errNoGTID = errors.New("without GTIDs nothing shows that the server stands at this place")

// proof is a definition as the server has it now, with what it had executed
// before and after that was read; nil without GTIDs.
type proof struct {
	table         *table.Table
	before, after *gtid.Set
	changed       server.Changed
}

// here is what is executed with the current group, nil if that is not known.
func (s *Stream) here() *gtid.Set {
	at := s.machine.Resume()
	id, ok := s.machine.ID()
	if at.GTID == nil || !ok {
		return nil
	}
	set := at.GTID.Clone()
	set.Add(id)
	return set
}

// stands says why the server did not stand exactly behind the current group while
// its definition was read, nil if it did. One that has executed less, as a replica
// that lags, may lack a statement; one that has executed more may be past it.
func (s *Stream) stands(p *proof) error {
	here := s.here()
	if here == nil || p.before == nil || p.after == nil {
		return errNoGTID
	}
	if lacks := here.Subtract(p.before); !lacks.Empty() {
		return fmt.Errorf("it has not executed %s yet", lacks)
	}
	if since := p.after.Subtract(here); !since.Empty() {
		return fmt.Errorf("it has executed %s since", since)
	}
	return s.unchanged(p)
}

// unchanged looks for statements that are not in the log, and so have no GTID, by
// the time at which the server last changed the definition. Times of two servers
// say nothing of each other.
func (s *Stream) unchanged(p *proof) error {
	written := s.time() / 1e6
	switch {
	case p.changed.Server != s.origin.Server:
		return fmt.Errorf("it is server %d, and the rows were written by server %d", p.changed.Server, s.origin.Server)
	case p.changed.At == 0 || p.changed.At >= written:
		return fmt.Errorf("it may have been changed since %s without a word in the log: its time is %s", unix(written), unix(p.changed.At))
	}
	return nil
}

func unix(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

// ask reads a definition on a connection of its own. What may go away by itself
// is a lost connection.
func (s *Stream) ask(ctx context.Context, name table.Name) (*proof, error) {
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		if sdk.IsTransient(err) {
			return nil, lostError{err}
		}
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	p, err := s.question(conn, name)
	if err != nil && !server.Answered(err) {
		return nil, lostError{err}
	}
	return p, err
}

func (s *Stream) question(conn *server.Conn, name table.Name) (*proof, error) {
	p := &proof{}
	here := s.here()
	var err error
	if here != nil && s.facts.ByGTID {
		if _, err := conn.Value(fmt.Sprintf("SELECT WAIT_FOR_EXECUTED_GTID_SET(%s, %d)", server.Literal(here.String()), catchUp)); err != nil {
			return nil, err
		}
		if p.before, _, err = conn.Sets(); err != nil {
			return nil, err
		}
	}
	if p.table, err = conn.Define(name, ddl.Mode{MariaDB: s.facts.MariaDB}); err != nil {
		return nil, err
	}
	if p.before == nil {
		return p, nil
	}
	if p.changed, err = conn.Changed(name); err != nil {
		return nil, err
	}
	p.after, _, err = conn.Sets()
	return p, err
}
