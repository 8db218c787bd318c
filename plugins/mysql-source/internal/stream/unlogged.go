package stream

import (
	"strings"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unequal"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unlogged"
	"github.com/leat-io/leat/sdk"
)

// unlogged deals with what a statement did to rows that no row event tells of.
func (s *Stream) unlogged(st ddl.Statement, changes []ddl.Change, mode ddl.Mode, text string) error {
	need := s.lacking()
	if need == 0 {
		return nil
	}
	effects := unlogged.Of(st, changes, mode.Strict)
	again, err := s.columns(changes, effects, need)
	if err != nil {
		return err
	}
	effects = append(effects, again...)
	if d, ok := st.(*ddl.DropDatabase); ok { // tables whose definitions were given up go with it
		for _, n := range s.unequal.Within(d.Name) {
			effects = append(effects, unlogged.Effect{Table: n, Kind: unlogged.Dropped})
		}
	}
	for _, e := range effects {
		e.Table = s.fold(e.Table)
		if !s.concerns(&e) {
			continue
		}
		if err := s.effect(&e, changeOf(changes, e.Table), need, text); err != nil {
			return err
		}
	}
	return nil
}

// lacking returns the sinks that lack what comes next in the group: those that
// have rows of it have what came before them too.
func (s *Stream) lacking() sdk.SinkSet { return s.machine.NeedRow(s.machine.Rows()) }

func (s *Stream) fold(n table.Name) table.Name {
	if s.facts.FoldsNames() {
		return table.Name{Database: strings.ToLower(n.Database), Table: strings.ToLower(n.Table)}
	}
	return n
}

// concerns says whether what an effect is about is captured.
func (s *Stream) concerns(e *unlogged.Effect) bool {
	if !s.Filter.Table(e.Table) {
		return false
	}
	captured := s.Filter.Columns(e.Table)
	return e.Column == "" || captured == nil || captured(e.Column)
}

// changeOf returns the last change of a table.
func changeOf(changes []ddl.Change, n table.Name) ddl.Change {
	var out ddl.Change
	for _, c := range changes {
		if c.Name == n {
			out = c
		}
	}
	return out
}

func (s *Stream) effect(e *unlogged.Effect, c ddl.Change, need sdk.SinkSet, text string) error {
	gone, isGone := s.unequal.Gone(e.Table)
	switch e.Kind {
	case unlogged.Truncated:
		return s.emptied(e, c.Table, need, text)
	case unlogged.Created:
		if !isGone && c.Before == nil {
			return nil // nobody has rows of it
		}
		return s.emptied(e, c.Table, need, text)
	case unlogged.Dropped:
		return s.dropped(e, c.Before != nil || isGone || s.unequal.Marked(e.Table), need, text)
	case unlogged.RenamedAway:
		if err := s.stateFor(need, s.unequal.Leave(unequal.Gone{Table: e.Table, Renamed: true})); err != nil {
			return err
		}
	case unlogged.RenamedIn:
		if isGone && !gone.Renamed { // what the sinks have is of a table that is no more
			if err := s.emptied(&unlogged.Effect{Table: e.Table, Kind: unlogged.Created}, c.Table, need, text); err != nil {
				return err
			}
		} else if isGone {
			if err := s.stateFor(need, s.unequal.Return(e.Table)); err != nil {
				return err
			}
		}
	}
	return s.mark(e, need, text)
}

// dropped remembers a table whose rows sinks keep: nobody may count on them, but
// one that comes under the same name must not be mixed with it.
func (s *Stream) dropped(e *unlogged.Effect, known bool, need sdk.SinkSet, text string) error {
	if !known {
		return nil
	}
	s.Meter.Unlogged(string(e.Kind))
	s.Logger.Warn("a table was dropped; sinks keep its rows until a table of that name is created", "table", e.Table.String(), "statement", beginning(text))
	defer s.count()
	changes := append(s.unequal.Clear(need, e.Table), s.unequal.Leave(unequal.Gone{Table: e.Table}))
	return s.stateFor(need, changes...)
}

// mark notes that the rows of a table are not what a sink can have.
func (s *Stream) mark(e *unlogged.Effect, need sdk.SinkSet, text string) error {
	at := position.Place{File: s.machine.Place().File, Pos: s.place.start}.String()
	s.Meter.Unlogged(string(e.Kind))
	s.Logger.Warn("a table is not equal any more to the copy of a sink that keeps rows", "table", e.Table.String(), "reason", e.Reason(),
		"statement", beginning(text), "at", at, "cure", unequal.Cure)
	defer s.count()
	sinks, change := s.unequal.Mark(need, unequal.Mark{
		Table: e.Table, Kind: string(e.Kind), Reason: e.Reason(), Statement: beginning(text), At: at, Time: time.UnixMicro(s.time()).UTC(),
	})
	return s.stateFor(sinks, change)
}

// stateFor changes the source state of some of the sinks that need the group.
func (s *Stream) stateFor(sinks sdk.SinkSet, changes ...sdk.StateChange) error {
	if sinks == 0 || len(changes) == 0 {
		return nil
	}
	if err := s.w.Direct(sinks); err != nil {
		return err
	}
	s.group.wrote, s.group.directed = true, false
	return s.w.State(changes...)
}

// count shows how many tables are not equal.
func (s *Stream) count() {
	for sink, n := range s.unequal.Counts() {
		s.Meter.Unequal(sink, n)
	}
}

// unreadTables marks the captured ones of tables that a statement may concern
// which could not be followed: those that it names, or all if it names none.
func (s *Stream) unreadTables(names []table.Name, text string) error {
	var named []table.Name
	for _, n := range names {
		if strings.Contains(strings.ToLower(text), strings.ToLower(n.Table)) {
			named = append(named, n)
		}
	}
	if len(named) == 0 {
		named = names
	}
	need := s.lacking()
	for _, n := range named {
		if need == 0 || !s.Filter.Table(n) {
			continue
		}
		if err := s.mark(&unlogged.Effect{Table: n, Kind: unlogged.Unread}, need, text); err != nil {
			return err
		}
	}
	return nil
}
