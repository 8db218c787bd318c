package unlogged

import (
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Between says whether statements that are not in the log, and turned one
// definition into another, may have changed the values of rows under the names of
// their columns. Only that columns are dropped, or come with NULL, is certain not
// to. unsure are columns whose defaults are not known.
func Between(was, is *table.Table, unsure []string) bool {
	if !strings.EqualFold(keyOf(was), keyOf(is)) {
		return true
	}
	last, added := -1, false
	for i := range is.Columns {
		c := &is.Columns[i]
		j := was.Find(c.Name)
		if j < 0 {
			if !c.Nullable || c.Default != nil || c.Generated != "" || slices.Contains(unsure, c.Name) {
				return true
			}
			added = true
			continue
		}
		if j < last || bends(&was.Columns[j], c, false) { // a column in another place may be one of another name
			return true
		}
		last = j
	}
	dropped := slices.ContainsFunc(was.Columns, func(c table.Column) bool { return is.Find(c.Name) < 0 })
	return added && dropped // or was renamed
}
