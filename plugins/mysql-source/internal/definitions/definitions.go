// Package definitions keeps what is known of tables at the stream's place in the
// log, and turns changes of it into changes of the source state, so that a
// checkpoint holds the definitions as of its position.
//
// It follows all tables of databases that have a captured one: online schema
// changes rename others into their place; and the defaults of all databases, which
// may get a captured table later. It neither reads the log nor asks the
// server.
//
// Start reading at New, then Set.Apply.
package definitions

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Prefixes of keys in the source state.
const (
	tablePrefix    = "table/"
	databasePrefix = "database/"
)

// Set is the definitions at one place. It is not safe for concurrent use.
type Set struct {
	catalog  *ddl.Catalog
	captured func(table.Name) bool
	// followed are the databases that have, or had, a captured table.
	followed map[string]bool
}

// Defaults are what a server decides about all definitions.
type Defaults struct {
	Database ddl.Database
	// FoldNames is lower_case_table_names other than 0.
	FoldNames bool
}

// New returns an empty set.
func New(d Defaults, captured func(table.Name) bool) *Set {
	s := &Set{captured: captured, followed: map[string]bool{}}
	s.catalog = ddl.NewCatalog(d.Database, s.follows)
	s.catalog.FoldNames = d.FoldNames
	return s
}

func (s *Set) follows(n table.Name) bool {
	if s.followed[n.Database] {
		return true
	}
	if !s.captured(n) {
		return false
	}
	s.followed[n.Database] = true
	return true
}

// Load takes the definitions from a checkpoint's state.
func (s *Set) Load(state map[string][]byte) error {
	for key, value := range state {
		if name, ok := strings.CutPrefix(key, databasePrefix); ok {
			var d ddl.Database
			if err := json.Unmarshal(value, &d); err != nil {
				return fmt.Errorf("read state %s: %w", key, err)
			}
			s.catalog.Databases[name] = d
		}
		if !strings.HasPrefix(key, tablePrefix) {
			continue
		}
		var t table.Table
		if err := json.Unmarshal(value, &t); err != nil {
			return fmt.Errorf("read state %s: %w", key, err)
		}
		t.Rekey()
		s.follows(t.ID())
		s.catalog.Put(&t)
	}
	return nil
}

// Follow begins to follow the database of a captured table.
func (s *Set) Follow(n table.Name) bool { return s.follows(n) }

// Table returns a definition, nil if it is not known.
func (s *Set) Table(n table.Name) *table.Table { return s.catalog.Table(n) }

// KnowsDatabase says whether the defaults of a database are known, as they are
// of all that are followed.
func (s *Set) KnowsDatabase(name string) bool {
	_, ok := s.catalog.Databases[name]
	return ok
}

// Put stores a definition that was read from the server.
func (s *Set) Put(t *table.Table) sdk.StateChange {
	s.catalog.Put(t)
	return stateOf(t)
}

// PutDatabase stores a database's defaults.
func (s *Set) PutDatabase(name string, d ddl.Database) sdk.StateChange {
	s.catalog.Databases[name] = d
	value, _ := json.Marshal(d) // two strings never fail
	return sdk.StateChange{Key: databasePrefix + name, Value: value}
}

// Apply carries out a statement, and returns what it did to tables and to the state.
func (s *Set) Apply(statement ddl.Statement, mode ddl.Mode) ([]ddl.Change, []sdk.StateChange, error) {
	changes, err := s.catalog.Apply(statement, mode)
	if err != nil {
		return nil, nil, err
	}
	var state []sdk.StateChange
	switch d := statement.(type) {
	case *ddl.SetDatabase:
		// Also of one that has no captured table: it may get some.
		name := s.catalog.FoldDatabase(d.Name)
		state = append(state, s.PutDatabase(name, s.catalog.Databases[name]))
	case *ddl.DropDatabase:
		state = append(state, sdk.StateChange{Key: databasePrefix + s.catalog.FoldDatabase(d.Name)})
	}
	for _, c := range changes {
		if c.Op == ddl.Truncated {
			continue
		}
		if c.Op == ddl.Renamed {
			state = append(state, sdk.StateChange{Key: tablePrefix + c.From.StateKey()})
		}
		if t := s.catalog.Table(c.Name); t != nil {
			state = append(state, stateOf(t))
		} else {
			state = append(state, sdk.StateChange{Key: tablePrefix + c.Name.StateKey()})
		}
	}
	return changes, latest(state), nil
}

// latest keeps the last change of each key: a rename may free a name and fill it
// again, and the changes of one call have no order.
func latest(state []sdk.StateChange) []sdk.StateChange {
	var out []sdk.StateChange
	for i, c := range state {
		if !slices.ContainsFunc(state[i+1:], func(later sdk.StateChange) bool { return later.Key == c.Key }) {
			out = append(out, c)
		}
	}
	return out
}

func stateOf(t *table.Table) sdk.StateChange {
	value, _ := json.Marshal(t) // none of a table's fields can fail
	return sdk.StateChange{Key: tablePrefix + t.ID().StateKey(), Value: value}
}
