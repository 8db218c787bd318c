package stream

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unlogged"
	"github.com/leat-io/leat/sdk"
)

// Truncate says who is told that a table was emptied without row events.
type Truncate string

// The ways. A table that was dropped and created again is emptied likewise, of
// which logs of changes are told in none of them, as Debezium does not.
const (
	// TruncateAuto tells sinks that keep the rows of a table.
	TruncateAuto Truncate = "auto"
	// TruncateEmit tells all sinks of TRUNCATE TABLE.
	TruncateEmit Truncate = "emit"
	// TruncateSkip tells none: the table is not equal any more.
	TruncateSkip Truncate = "skip"
)

// emptied has sinks empty their copy of a table before rows of it come again.
func (s *Stream) emptied(e *unlogged.Effect, def *table.Table, need sdk.SinkSet, text string) error {
	was, gone := s.unequal.Gone(e.Table)
	id, known := s.schemaOf(def)
	var err error
	switch {
	case s.Truncate == TruncateSkip && gone:
		err = s.stateFor(need, s.unequal.Return(e.Table))
	case s.Truncate != TruncateSkip && known:
		return s.tell(e, id, need, text)
	case s.Truncate != TruncateSkip && (!gone || was.Renamed): // told as soon as a row shows what the table is like
		err = s.stateFor(need, s.unequal.Leave(unequal.Gone{Table: e.Table}))
	}
	if err != nil {
		return err
	}
	return s.mark(e, need, text)
}

func (s *Stream) tell(e *unlogged.Effect, id sdk.SchemaID, need sdk.SinkSet, text string) error {
	s.Meter.Unlogged(string(e.Kind))
	if err := s.stateFor(need, s.unequal.ForgetColumns(e.Table)...); err != nil {
		return err
	}
	s.Logger.Info("a table was emptied without row events; sinks that keep its rows are told", "table", e.Table.String(), "statement", beginning(text))
	return s.truncation(e.Table, id, e.Kind == unlogged.Truncated && s.Truncate == TruncateEmit, s.place.start, need)
}

// schemaOf announces the schema of a table's rows, if there is one.
func (s *Stream) schemaOf(def *table.Table) (sdk.SchemaID, bool) {
	if def == nil {
		return 0, false
	}
	plan, err := row.Compile(def, s.Filter.Columns(def.ID()))
	if err != nil {
		return 0, false
	}
	id, err := s.w.Schema(plan.Schema())
	return id, err == nil // the Writer's first error is final, and comes with the next call
}

// truncation writes a change without rows, behind which the sinks are equal.
func (s *Stream) truncation(n table.Name, id sdk.SchemaID, all bool, offset uint64, need sdk.SinkSet) error {
	changes := s.unequal.Clear(need, n)
	if _, gone := s.unequal.Gone(n); gone {
		changes = append(changes, s.unequal.Return(n))
	}
	defer s.count()
	if err := s.stateFor(need, changes...); err != nil {
		return err
	}
	if err := s.w.Direct(need); err != nil {
		return err
	}
	if all {
		s.group.committed -= s.group.committed % 1000 // Debezium gives a statement's time in milliseconds
	}
	s.placeOrigin()
	s.group.wrote, s.group.directed = true, false
	change := sdk.Change{Op: sdk.Truncate, Schema: id, Offset: offset, StateOnly: !all}
	return s.w.Change(&change, sdk.Position{Base: s.machine.Base(), Skip: s.machine.Rows()})
}

// returned is called before the first rows of a table that fit def. If it was
// gone until now, no statement has told of its return, or not what it is like.
func (s *Stream) returned(n table.Name, def *table.Table) error {
	gone, ok := s.unequal.Gone(n)
	need := s.lacking()
	if !ok || need == 0 {
		return nil
	}
	const text = "rows of a table that was gone"
	if gone.Renamed {
		if err := s.stateFor(need, s.unequal.Return(n)); err != nil {
			return err
		}
		return s.mark(&unlogged.Effect{Table: n, Kind: unlogged.RenamedIn, Detail: "of another name"}, need, text)
	}
	e := unlogged.Effect{Table: n, Kind: unlogged.Created}
	id, known := s.schemaOf(def)
	if s.Truncate == TruncateSkip || !known {
		return s.emptied(&e, def, need, text)
	}
	// Before the place of the rows, which in a compressed transaction is one.
	return s.truncation(n, id, false, s.place.start-1, need)
}
