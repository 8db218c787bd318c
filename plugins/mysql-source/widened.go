package main

import (
	"fmt"
	"slices"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/scope"
	"github.com/leat-io/leat/plugins/mysql-source/internal/server"
	"github.com/leat-io/leat/plugins/mysql-source/internal/stream"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// checkFilter refuses to go on where the filter captures more than what a sink
// was given, unless the file says so.
func (s *Source) checkFilter(conn *server.Conn) error {
	for i := range s.sinks {
		gains, err := s.widened(conn, i)
		if err != nil {
			return err
		}
		switch {
		case len(gains) == 0:
		case s.skipsNewTables():
			s.env.Logger.Warn(widenedSkipped, "sink", s.sinks[i].Name, "tables", scope.List(gains))
		default:
			return sdk.Permanent(fmt.Errorf("%s: %s", widenedRefusal(s.sinks[i].Name, gains), widenedCure))
		}
	}
	return nil
}

// widened returns what the filter captures beyond what a sink was given, and notes
// which tables it leaves out.
func (s *Source) widened(conn *server.Conn, i int) ([]scope.Gain, error) {
	sink := &s.sinks[i]
	if sink.Fresh || !scope.Changed(sink.State, s.filter) {
		return nil, nil
	}
	tables, err := conn.Tables()
	if err != nil {
		return nil, err
	}
	all := make([]table.Name, len(tables))
	for j, t := range tables {
		all[j] = t.Name
	}
	gains, err := s.gains(conn, sink.State, all)
	if err != nil {
		return nil, fmt.Errorf("compare filter of sink %s: %w", sink.Name, err)
	}
	left, err := scope.Left(sink.State, s.filter, all)
	if err != nil {
		return nil, sdk.Permanent(err)
	}
	s.left = append(s.left, left...)
	return gains, nil
}

// gains are what a sink with that state lacks rows of.
func (s *Source) gains(conn *server.Conn, state map[string][]byte, all []table.Name) ([]scope.Gain, error) {
	defs := definitions.New(definitions.Defaults{Database: s.facts.Defaults(), FoldNames: s.facts.FoldsNames()}, s.filter.Table)
	if err := defs.Load(state); err != nil {
		return nil, sdk.Permanent(err)
	}
	found, err := scope.Compare(state, defs, s.filter, all)
	if err != nil {
		return nil, sdk.Permanent(err)
	}
	var out []scope.Gain
	for _, g := range found {
		if g.Left { // rows that it has lost are in the sink
			out = append(out, g)
			continue
		}
		rows, err := conn.Ask("SELECT 1 FROM " + server.Quote(g.Table.Database) + "." + server.Quote(g.Table.Table) + " LIMIT 1")
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 { // all that an empty table gets from here on is in the log
			out = append(out, g)
		}
	}
	return out, nil
}

const (
	widenedSkipped = "the filter captures more than before: rows that exist already are not sent, only changes from here on (snapshot.new_tables: skip, or snapshot.mode: no_data)"
	widenedCure    = "set them back to what they were, or set snapshot.new_tables to skip, to go on without those rows, or " + cure.NewSnapshot
)

func widenedRefusal(sink string, gains []scope.Gain) string {
	return fmt.Sprintf("include and exclude capture more than sink %s was given, and the rows that exist already would never be sent: %s", sink, scope.List(gains))
}

// newlyTaken says of which servers transactions are taken that were left out when
// the position of some sink was read; it is nil for none.
func (s *Source) newlyTaken() (func(gtid.UUID) bool, error) {
	var of []func(gtid.UUID) bool
	for i := range s.sinks {
		newly, err := s.servers.Newly(s.sinks[i].State)
		if err != nil {
			return nil, sdk.Permanent(err)
		}
		if newly != nil {
			of = append(of, newly)
		}
	}
	if len(of) == 0 {
		return nil, nil
	}
	return func(u gtid.UUID) bool {
		return slices.ContainsFunc(of, func(newly func(gtid.UUID) bool) bool { return newly(u) })
	}, nil
}

// scopeMarks are the state that says by what tables and transactions are chosen.
func (s *Source) scopeMarks() []sdk.StateChange {
	return []sdk.StateChange{scope.State(s.filter), s.servers.State()}
}

// markFilter has the filters written to the state of the sinks that have others,
// with the next position.
func (s *Source) markFilter(w stream.Writer) error {
	var stale sdk.SinkSet
	for i := range s.sinks {
		if state := s.sinks[i].State; scope.Changed(state, s.filter) || s.servers.Changed(state) {
			stale = stale.With(i)
		}
	}
	if stale == 0 {
		return nil
	}
	if err := w.Direct(stale); err != nil {
		return err
	}
	if err := w.State(append(s.left, s.scopeMarks()...)...); err != nil {
		return err
	}
	return w.Direct(s.sinks.All())
}

// skipsNewTables says that the file wants to go on without rows that were never
// copied. With no_data it says so for all tables, though an earlier start may
// have copied those of before: the warning names the others all the same.
func (s *Source) skipsNewTables() bool {
	return s.config.Snapshot.NewTables == "skip" || s.config.Snapshot.Mode == "no_data"
}
