// Package scope notices when a filter captures more than it did before: rows
// that are older than the checkpoint were never copied then, and no change in
// the log brings them.
//
// The source state of each sink has the filter that its rows were taken with.
// Where it differs from the present one, what the server has now is looked at
// through both. Start reading at Compare.
package scope

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/definitions"
	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// key of the filter in the source state.
const key = "filter"

// State is the change of state that records the filter.
func State(f *filter.Filter) sdk.StateChange { return sdk.StateChange{Key: key, Value: f.Text()} }

// Changed says whether the state has another filter, or none.
func Changed(state map[string][]byte, now *filter.Filter) bool {
	return !bytes.Equal(state[key], now.Text())
}

// Gain is a table that is captured now, or more of its columns are.
type Gain struct {
	Table table.Name
	// Columns are the new ones; empty if the table is new as a whole.
	Columns []string
	// Left says that the table was captured once, and left out since.
	Left bool
}

// String names the table, or the columns.
func (g Gain) String() string {
	switch {
	case g.Left:
		return g.Table.String() + " (left out for a time, so its changes of then are missing too)"
	case len(g.Columns) == 0:
		return g.Table.String()
	}
	return fmt.Sprintf("%s (columns %s)", g.Table, strings.Join(g.Columns, ", "))
}

// Compare returns what of the server's tables is captured now and was not when
// the state was written. defs are the definitions in that state.
//
// A table that is in neither the state nor the old filter may have been created
// later, so that the log has all of it. That cannot be told from one whose
// definition could not be read, and so it counts: the caller leaves out those
// that have no rows.
//
// A state without a filter is of a version that did not write it. Then only
// databases that it knows nothing of are surely new.
func Compare(state map[string][]byte, defs *definitions.Set, now *filter.Filter, tables []table.Name) ([]Gain, error) {
	before := func(n table.Name) bool { return defs.KnowsDatabase(n.Database) }
	columns := func(table.Name) func(string) bool { return nil }
	if text, ok := state[key]; ok {
		old, err := filter.Parse(text)
		if err != nil {
			return nil, err
		}
		before, columns = old.Table, old.Columns
	}
	var out []Gain
	for _, n := range tables {
		switch {
		case !now.Table(n):
		case !before(n):
			out = append(out, Gain{Table: n, Left: isLeft(state, n)})
		default:
			if c := gained(defs.Table(n), columns(n), now.Columns(n)); len(c) > 0 {
				out = append(out, Gain{Table: n, Columns: c})
			}
		}
	}
	return out, nil
}

// gained returns the columns that only the new filter takes; those of a key are
// always captured.
func gained(t *table.Table, old, now func(string) bool) []string {
	if t == nil || old == nil {
		return nil
	}
	var out []string
	for i, c := range t.Columns {
		if !slices.Contains(t.Key, i) && !old(c.Name) && (now == nil || now(c.Name)) {
			out = append(out, c.Name)
		}
	}
	return out
}

// shown is how many names a message has at most.
const shown = 10

// List names gains, and counts those that are too many to name.
func List(all []Gain) string {
	var parts []string
	for _, g := range all[:min(len(all), shown)] {
		parts = append(parts, g.String())
	}
	if more := len(all) - shown; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}
