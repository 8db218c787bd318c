package unequal

import (
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

const columnsPrefix = "dropped/"

// columns of a table that are no more, in lower case. A sink may keep them, with
// their values, and take them for those of a column that comes under the same name.
type columns struct {
	Table   table.Name `json:"table"`
	Columns []string   `json:"columns"`
}

// DropColumns notes columns that a table lost.
func (s *Set) DropColumns(n table.Name, names []string) sdk.StateChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range names {
		if name = strings.ToLower(name); !slices.Contains(s.dropped[n], name) {
			s.dropped[n] = append(s.dropped[n], name)
		}
	}
	return change(columnsPrefix, n, columns{n, s.dropped[n]})
}

// DroppedColumn says whether a table had a column of the name before.
func (s *Set) DroppedColumn(n table.Name, name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.dropped[n], strings.ToLower(name))
}

// ForgetColumns notes that no row of the table is left that could have values of
// columns it lost; it returns the change of state, none if there were no such.
func (s *Set) ForgetColumns(n table.Name) []sdk.StateChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.dropped[n]) == 0 {
		return nil
	}
	delete(s.dropped, n)
	return []sdk.StateChange{removal(columnsPrefix, n)}
}

// LoadColumns takes the columns that were dropped at the place where the stream begins.
func (s *Set) LoadColumns(state map[string][]byte) error {
	dropped := map[table.Name][]string{}
	for key, value := range state {
		if !strings.HasPrefix(key, columnsPrefix) {
			continue
		}
		var c columns
		if err := read(key, value, &c); err != nil {
			return err
		}
		dropped[c.Table] = c.Columns
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped = dropped
	return nil
}
