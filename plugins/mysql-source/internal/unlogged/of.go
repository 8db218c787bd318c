package unlogged

import (
	"slices"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Of returns what a statement did to rows without row events, in the order of
// the tables in it. changes are what Catalog.Apply has made of the statement.
// Tables may be among the effects that nobody captures.
func Of(s ddl.Statement, changes []ddl.Change, strict bool) []Effect {
	changes = slices.DeleteFunc(slices.Clone(changes), ofSequence)
	if a, ok := s.(*ddl.AlterTable); ok {
		return ofAlter(a, changes, strict)
	}
	var out []Effect
	for _, c := range changes {
		switch c.Op {
		case ddl.Truncated:
			out = append(out, Effect{Table: c.Name, Kind: Truncated})
		case ddl.Dropped:
			out = append(out, Effect{Table: c.Name, Kind: Dropped})
		case ddl.Created:
			out = append(out, Effect{Table: c.Name, Kind: Created})
		}
	}
	return append(out, renames(changes)...)
}

// ofSequence says so of a change of a sequence, of whose rows nobody has a copy.
func ofSequence(c ddl.Change) bool {
	return c.Table != nil && c.Table.Sequence || c.Table == nil && c.Before != nil && c.Before.Sequence
}

// renames adds up what the pairs of a statement do together: those of a swap go
// by way of a third name, and what ends under its own name again has not moved.
func renames(changes []ddl.Change) []Effect {
	was := map[table.Name]table.Name{} // the first name of a table, by its last
	to := map[table.Name]table.Name{}  // where tables that were there went
	var names []table.Name
	for _, c := range changes {
		if c.Op != ddl.Renamed {
			continue
		}
		first, moved := was[c.From]
		if !moved {
			first = c.From
		}
		delete(was, c.From)
		was[c.Name], to[first] = first, c.Name
		for _, n := range []table.Name{c.From, c.Name} {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	var out []Effect
	for _, n := range names {
		first, there := was[n]
		switch {
		case there && first != n:
			out = append(out, Effect{Table: n, Kind: RenamedIn, Detail: first.String()})
		case !there && to[n] != (table.Name{}):
			out = append(out, Effect{Table: n, Kind: RenamedAway, Detail: to[n].String()})
		}
	}
	return out
}
