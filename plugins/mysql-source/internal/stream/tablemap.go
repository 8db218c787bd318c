package stream

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/tablemap"
)

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
	if s.isSequence(name, def) {
		return nil
	}
	if def == nil || tablemap.Check(def, t.TableMapEvent) != nil {
		if def, err = s.heal(name, def, t); err != nil {
			return err
		}
		if s.isSequence(name, def) {
			return nil
		}
	}
	if err := s.prepare(t, def); err != nil {
		return err
	}
	return s.returned(name, def)
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
	if err == nil && s.facts.OmitsGenerated() {
		err = plan.CheckGenerated()
	}
	if err != nil {
		return s.stop(err)
	}
	for _, err := range plan.UnreadDefaults() {
		s.Logger.Warn("a default cannot be read, and is left out of the schema", "error", err)
	}
	image, err := plan.Binlog(t.TableMapEvent)
	if err != nil {
		return s.stop(err)
	}
	id, err := s.w.Schema(plan.Schema())
	if err != nil {
		return err
	}
	t.Use = &captured{image: image, id: id, count: s.Meter.Table(def.ID())}
	return nil
}
