package snapshot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/health"
	"github.com/leat-io/leat/plugins/mysql-source/internal/history"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Settings say what to copy and how.
type Settings struct {
	Server *server.Settings
	Filter *filter.Filter
	Logger *slog.Logger
	Meter  *meter.Meter
	// Health is told what the snapshot waits for.
	Health *health.Health
	// LockTimeout bounds how long writers may be kept waiting for the lock.
	LockTimeout time.Duration
	// NoData takes place and definitions alone.
	NoData bool
	// Epoch of the server's log.
	Epoch uint64
	// Stale are the keys of state that the sinks may have from before.
	Stale []string
	// Log is how the log of the server at the other end of a connection is looked at.
	Log func(*server.Conn) *history.Server
	// Begun is a snapshot before this one that was not finished; nil for none.
	Begun *Begun
	// Marks are state that says by what tables and transactions are chosen.
	Marks []sdk.StateChange
}

// Begun is where the first attempt at a snapshot began. Rows that it has sent may
// be gone when the next attempt reads the tables, so the stream starts here.
type Begun struct {
	At position.Position
	// State is the source state as of it.
	State map[string][]byte
}

// Snapshot is one run.
type Snapshot struct {
	Settings
	w      stream.Writer
	facts  *server.Facts
	at     position.Position
	defs   *definitions.Set
	state  []sdk.StateChange
	tables []*source
	marks  marker
	done   progress
}

// source is a table to copy.
type source struct {
	def   *table.Table
	plan  *row.Plan
	guess uint64
	// transactional tables are read as of one moment.
	transactional bool
}

// Run copies the tables to the sinks that w is directed to, and ends with the
// position for them, which it returns. Before that their position says that it is
// not finished.
func Run(ctx context.Context, settings Settings, w stream.Writer) (*Begun, error) {
	s := &Snapshot{Settings: settings, w: w}
	s.Health.Wait("connecting to MySQL "+s.Server.Address()+" for a snapshot", nil)
	conn, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	s.Health.Ready()
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	if err := s.recognise(ctx, conn); err != nil {
		return nil, err
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	if !s.NoData {
		if err := s.copy(ctx, conn); err != nil {
			return nil, err
		}
	}
	return s.Begun, s.finish()
}

// recognise completes the position by what the log is known by when it is read.
func (s *Snapshot) recognise(ctx context.Context, conn *server.Conn) error {
	sight, err := s.Log(conn).Begun(ctx, s.at.File)
	if err != nil {
		return fmt.Errorf("look into log file %s: %w", s.at.File, err)
	}
	s.at.Created = sight.Created
	if a := sight.First; a != nil && a.Pos < s.at.Pos && (a.ID == nil) == (s.at.GTID == nil) {
		s.at.Anchor = a
	}
	return nil
}

// open writes the state and where the snapshot began, before any row of it.
func (s *Snapshot) open() error {
	if s.Begun == nil {
		s.Begun = &Begun{At: s.at, State: map[string][]byte{}}
		for _, c := range s.state {
			s.Begun.State[c.Key] = c.Value
		}
	}
	told := stream.ServerState(s.facts.UUID, s.Epoch) // that of an earlier attempt is over
	s.Begun.State[told.Key] = told.Value
	for _, m := range s.Marks { // also of one that was begun with another filter: its tables are those of now
		s.Begun.State[m.Key] = m.Value
	}
	if err := s.w.State(s.changes()...); err != nil {
		return err
	}
	if err := s.w.Advance(sdk.Position{Base: s.Begun.At.Unfinished().Base()}, 0); err != nil {
		return err
	}
	return s.w.Flush()
}

// changes makes the state of the sinks that of Begun.
func (s *Snapshot) changes() []sdk.StateChange {
	var out []sdk.StateChange
	for _, key := range s.Stale {
		if _, ok := s.Begun.State[key]; !ok {
			out = append(out, sdk.StateChange{Key: key})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Begun.State)) {
		out = append(out, sdk.StateChange{Key: key, Value: s.Begun.State[key]})
	}
	return out
}

func (s *Snapshot) copy(ctx context.Context, conn *server.Conn) error {
	number, err := position.LogNumber(s.at.File)
	if err != nil {
		return sdk.Permanent(err)
	}
	s.w.Origin(&sdk.Origin{Time: time.Now().UnixMicro(), Log: s.at.File, LogNumber: number, Epoch: s.Epoch})
	s.marks = marker{w: s.w, position: sdk.Position{Base: s.Begun.At.Unfinished().Base()}, offset: s.at.Pos}
	s.done.begin(s)
	for _, t := range s.tables {
		s.done.table(s, t.def.ID(), t.guess)
		if err := s.copyTable(ctx, conn, t); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("copy table %s: %w", t.def.ID(), err)
		}
		s.done.tableDone(s)
	}
	s.done.end(s)
	return s.marks.end()
}

// finish writes the position that makes all of it count.
func (s *Snapshot) finish() error {
	if err := s.w.Advance(sdk.Position{Base: s.Begun.At.Base()}, 0); err != nil {
		return err
	}
	if err := s.w.Flush(); err != nil {
		return err
	}
	s.Logger.Info("snapshot finished", "tables", len(s.tables), "rows", s.done.Rows, "position", s.Begun.At)
	return nil
}

// describe reads what there is: all tables of databases that have a captured one.
func (s *Snapshot) describe(conn *server.Conn) error {
	s.defs = definitions.New(definitions.Defaults{Database: s.facts.Defaults(), FoldNames: s.facts.FoldsNames()}, s.Filter.Table)
	s.state, s.tables = nil, nil
	all, err := conn.Tables()
	if err != nil {
		return err
	}
	for _, t := range all {
		s.defs.Follow(t.Name) // a later table may be what its database is followed for
	}
	for _, t := range all {
		if !s.defs.Follow(t.Name) {
			continue
		}
		if err := s.add(conn, t); err != nil {
			return err
		}
	}
	if err := s.mariaDB(conn); err != nil {
		return err
	}
	slices.SortStableFunc(s.tables, func(a, b *source) int {
		return s.Filter.Rank(a.def.ID()) - s.Filter.Rank(b.def.ID())
	})
	databases, err := conn.Databases()
	if err != nil {
		return err
	}
	for name, d := range databases { // also those that may get captured tables
		s.state = append(s.state, s.defs.PutDatabase(name, d))
	}
	return nil
}

func (s *Snapshot) add(conn *server.Conn, t server.TableInfo) error {
	captured := s.Filter.Table(t.Name)
	def, err := conn.Define(t.Name, ddl.Mode{MariaDB: s.facts.MariaDB})
	if err != nil {
		if captured && errors.Is(err, server.ErrUnread) {
			return sdk.Permanent(fmt.Errorf("%w: leave the table out with exclude.tables, or ask for its support", err))
		}
		if captured {
			return err
		}
		s.Logger.Warn("definition of a table that is not captured cannot be read", "table", t.Name.String(), "error", err)
		return nil
	}
	s.state = append(s.state, s.defs.Put(def))
	if !captured {
		return nil
	}
	plan, err := row.Compile(def, s.Filter.Columns(t.Name))
	if err == nil && s.facts.OmitsGenerated() {
		err = plan.CheckGenerated()
	}
	if err != nil {
		return sdk.Permanent(err)
	}
	for _, err := range plan.UnreadDefaults() {
		s.Logger.Warn("a default cannot be read, and is left out of the schema", "error", err)
	}
	s.tables = append(s.tables, &source{def: def, plan: plan, guess: t.Rows, transactional: t.Transactional()})
	return nil
}
