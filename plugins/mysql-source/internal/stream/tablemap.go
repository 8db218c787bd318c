package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// errDefinition ends a stream that has no proven definition of a table.
var errDefinition = errors.New("what the table looked like at this place of the log is not known, and cannot be proved from what the server has now: set binlog_row_metadata=FULL on the server so that the log tells in future, and remove the checkpoint so that a new snapshot is taken")

// askTimeout bounds a question to the server that the stream waits for.
const askTimeout = 30 * time.Second

func (s *Stream) tableMap(e *binlog.Event) error {
	t, isNew, err := s.tables.Map(e)
	if err != nil {
		return s.stop(err)
	}
	if !isNew {
		return nil
	}
	name := table.Name{Database: string(t.Schema), Table: string(t.Table)}
	if !s.Filter.Table(name) {
		return nil
	}
	if need, _ := s.machine.Need(); need == 0 {
		return s.forgetLater(t)
	}
	s.defs.Follow(name)
	def := s.defs.Table(name)
	if def == nil || table.Check(def, t.TableMapEvent) != nil {
		if def, err = s.heal(name, def, t); err != nil {
			return err
		}
	}
	return s.prepare(t, def)
}

// forgetLater marks a table whose rows nobody needs here; its event has to be
// looked at again when somebody does.
func (s *Stream) forgetLater(t *binlog.Table) error {
	s.tables.Forget(t)
	t.Use = &captured{}
	return nil
}

// prepare compiles a definition that is proved to fit the table's rows.
func (s *Stream) prepare(t *binlog.Table, def *table.Table) error {
	plan, err := row.Compile(def, s.Filter.Columns(def.ID()))
	if err != nil {
		return s.stop(err)
	}
	image, err := plan.Binlog(t.TableMapEvent)
	if err != nil {
		return s.stop(err)
	}
	id, err := s.w.Schema(plan.Schema())
	if err != nil {
		return err
	}
	t.Use = &captured{image: image, id: id}
	return nil
}

// proof is a definition as the server has it now, with what it had executed when
// that was read.
type proof struct {
	table *table.Table
	after *gtid.Set
}

// heal finds the definition that the rows of t were written with where the one
// at hand does not fit, and stops if there is no proof.
func (s *Stream) heal(name table.Name, had *table.Table, t *binlog.Table) (*table.Table, error) {
	reason := errors.New("no definition is known")
	if had != nil {
		reason = table.Check(had, t.TableMapEvent)
	}
	ctx, cancel := context.WithTimeout(s.ctx, askTimeout)
	defer cancel()
	p, err := s.define(ctx, name)
	if err != nil {
		return nil, s.stop(fmt.Errorf("table %s: %w (%w; asking the server for it: %w)", name, errDefinition, reason, err))
	}
	if err := table.Check(p.table, t.TableMapEvent); err != nil {
		return nil, s.stop(fmt.Errorf("table %s: %w (%w; the server's own: %w)", name, errDefinition, reason, err))
	}
	if len(t.ColumnName) == 0 && !s.newest(p) {
		return nil, s.stop(fmt.Errorf("table %s: %w (%w)", name, errDefinition, reason))
	}
	s.Logger.Warn("took a table's definition from the server, which fits its rows", "table", name.String(), "reason", reason)
	need, _ := s.machine.Need()
	if err := s.w.Direct(need); err != nil {
		return nil, err
	}
	s.group.directed = true
	if err := s.w.State(s.defs.Put(p.table)); err != nil {
		return nil, err
	}
	return p.table, nil
}

// newest says whether nothing was executed on the server after the current
// group and before the definition was read, so that it must be the group's own.
func (s *Stream) newest(p *proof) bool {
	at := s.machine.Resume()
	id, ok := s.machine.ID()
	if at.GTID == nil || p.after == nil || !ok {
		return false
	}
	set := at.GTID.Clone()
	set.Add(id)
	return set.Includes(p.after)
}

// ask reads a definition on a connection of its own.
func (s *Stream) ask(ctx context.Context, name table.Name) (*proof, error) {
	conn, err := s.Server.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	defer conn.Bind(ctx)()
	if err := conn.Do(server.Session...); err != nil {
		return nil, err
	}
	p := &proof{}
	if p.table, err = conn.Define(name, ddl.Mode{MariaDB: s.facts.MariaDB}); err != nil {
		return nil, err
	}
	if s.facts.ByGTID {
		p.after, _, err = conn.Sets()
	}
	return p, err
}
