package stream

import (
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/unlogged"
	"github.com/leat-io/leat/sdk"
)

// columns notes those that a statement took from a captured table, and returns an
// effect for each that comes under the name of one that was taken before: a sink
// that kept it has the old values in it.
func (s *Stream) columns(changes []ddl.Change, effects []unlogged.Effect, need sdk.SinkSet) ([]unlogged.Effect, error) {
	var out []unlogged.Effect
	for _, c := range changes {
		name := s.fold(c.Name)
		if c.Before == nil || c.Table == nil || !s.Filter.Table(name) {
			continue
		}
		for _, added := range missing(c.Table, c.Before) {
			e := unlogged.Effect{Table: c.Name, Kind: unlogged.ColumnAdded, Column: added}
			if s.unequal.DroppedColumn(name, added) && !slices.Contains(effects, e) {
				out = append(out, e)
			}
		}
		if lost := missing(c.Before, c.Table); len(lost) > 0 {
			if err := s.stateFor(need, s.unequal.DropColumns(name, lost)); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// missing returns the names of the columns of one definition that another lacks.
func missing(of, in *table.Table) []string {
	var out []string
	for i := range of.Columns {
		if !slices.ContainsFunc(in.Columns, func(c table.Column) bool { return strings.EqualFold(c.Name, of.Columns[i].Name) }) {
			out = append(out, of.Columns[i].Name)
		}
	}
	return out
}
