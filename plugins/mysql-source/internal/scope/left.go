package scope

import (
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/filter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// leftPrefix begins the keys of tables that were captured once and then left out.
// Their changes since, deletes above all, are missing where they are captured
// again, also if no row is left.
const leftPrefix = "left/"

func leftKey(n table.Name) string { return leftPrefix + n.String() }

func isLeft(state map[string][]byte, n table.Name) bool {
	_, left := state[leftKey(n)]
	return left
}

// Left returns what a new filter changes in the marks of tables that are left
// out: of the server's tables those are marked that the filter in the state
// captures and the new one does not, and marks go of what is captured again.
func Left(state map[string][]byte, now *filter.Filter, tables []table.Name) ([]sdk.StateChange, error) {
	before := func(table.Name) bool { return false }
	if text, ok := state[key]; ok {
		old, err := filter.Parse(text)
		if err != nil {
			return nil, err
		}
		before = old.Table
	}
	kept := map[string]bool{}
	var out []sdk.StateChange
	for _, n := range tables {
		switch marked := isLeft(state, n); {
		case now.Table(n):
		case marked:
			kept[leftKey(n)] = true
		case before(n):
			out = append(out, sdk.StateChange{Key: leftKey(n), Value: []byte{1}})
		}
	}
	for k := range state {
		if strings.HasPrefix(k, leftPrefix) && !kept[k] {
			out = append(out, sdk.StateChange{Key: k}) // captured again, or dropped
		}
	}
	return out, nil
}
