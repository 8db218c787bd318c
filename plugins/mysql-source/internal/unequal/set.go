// Package unequal remembers which tables have other rows at the source than a
// sink can have, because a statement changed rows that no row event tells of, and
// which tables are gone, so that the rows of one which comes under the same name
// are not mixed with theirs.
//
// Marks are kept for each sink, in its source state: a new copy of the tables
// begins with a state of its own, and so without them.
//
// Start reading at New, then Set.Mark.
package unequal

import (
	"slices"
	"strings"
	"sync"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Set is safe for concurrent use: notices are asked for while the stream runs.
type Set struct {
	mu    sync.Mutex
	sinks []sink
	gone  map[table.Name]Gone
	// dropped are columns that tables lost.
	dropped map[table.Name][]string
}

type sink struct {
	name  string
	marks map[table.Name]Mark
}

// New returns an empty set for sinks by their bit.
func New(names []string) *Set {
	s := &Set{gone: map[table.Name]Gone{}, dropped: map[table.Name][]string{}}
	for _, n := range names {
		s.sinks = append(s.sinks, sink{n, map[table.Name]Mark{}})
	}
	return s
}

// Load takes the marks of a sink from its checkpoint's state, in place of those
// that it had.
func (s *Set) Load(i int, state map[string][]byte) error {
	marks := map[table.Name]Mark{}
	for key, value := range state {
		if !strings.HasPrefix(key, markPrefix) {
			continue
		}
		var m Mark
		if err := read(key, value, &m); err != nil {
			return err
		}
		marks[m.Table] = m
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sinks[i].marks = marks
	return nil
}

// LoadGone takes the tables that are gone at the place where the stream begins.
func (s *Set) LoadGone(state map[string][]byte) error {
	gone := map[table.Name]Gone{}
	for key, value := range state {
		if !strings.HasPrefix(key, gonePrefix) {
			continue
		}
		var g Gone
		if err := read(key, value, &g); err != nil {
			return err
		}
		gone[g.Table] = g
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = gone
	return nil
}

// Mark notes that a table is not equal any more at the sinks. It returns those
// of them that were not marked for it before, and their change of state.
func (s *Set) Mark(sinks sdk.SinkSet, m Mark) (sdk.SinkSet, sdk.StateChange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lacking sdk.SinkSet
	for i := range s.sinks {
		if _, marked := s.sinks[i].marks[m.Table]; sinks.Has(i) && !marked {
			s.sinks[i].marks[m.Table] = m
			lacking = lacking.With(i)
		}
	}
	return lacking, change(markPrefix, m.Table, m)
}

// Clear notes that nothing is left of a table's rows at the sinks, so that they
// are equal again; it returns the change of state, none if no sink had a mark.
func (s *Set) Clear(sinks sdk.SinkSet, n table.Name) []sdk.StateChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	marked := false
	for i := range s.sinks {
		if _, ok := s.sinks[i].marks[n]; ok && sinks.Has(i) {
			delete(s.sinks[i].marks, n)
			marked = true
		}
	}
	if !marked {
		return nil
	}
	return []sdk.StateChange{removal(markPrefix, n)}
}

// Marked says whether any sink has a mark for the table.
func (s *Set) Marked(n table.Name) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.sinks, func(k sink) bool {
		_, ok := k.marks[n]
		return ok
	})
}

// Within returns the tables of a database that have a mark.
func (s *Set) Within(database string) []table.Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []table.Name
	for _, k := range s.sinks {
		for n := range k.marks {
			if n.Database == database && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	slices.SortFunc(out, func(a, b table.Name) int { return strings.Compare(a.Table, b.Table) })
	return out
}

// Leave notes that a table is gone.
func (s *Set) Leave(g Gone) sdk.StateChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone[g.Table] = g
	return change(gonePrefix, g.Table, g)
}

// Gone says whether a table was there, and its rows may still be at sinks.
func (s *Set) Gone(n table.Name) (Gone, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.gone[n]
	return g, ok
}

// Return notes that the rows of the table that was gone are cared for.
func (s *Set) Return(n table.Name) sdk.StateChange {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.gone, n)
	return removal(gonePrefix, n)
}
