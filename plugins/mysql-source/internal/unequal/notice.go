package unequal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// Cure is what a person can do about a mark.
const Cure = "to have it copied anew, " + cure.SinkSnapshot

// maxNotices bounds what is told: thousands are not read.
const maxNotices = 100

// Notices tells of every mark, by table, with the sinks that have it.
func (s *Set) Notices() []sdk.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[table.Name]*sdk.Notice{}
	for _, k := range s.sinks {
		for n, m := range k.marks {
			if found[n] == nil {
				found[n] = &sdk.Notice{Subject: "table " + n.String(), Message: m.message(), Cure: Cure, Since: m.Time}
			}
			found[n].Sinks = append(found[n].Sinks, k.name)
		}
	}
	var out []sdk.Notice
	for _, n := range found {
		out = append(out, *n)
	}
	slices.SortFunc(out, func(a, b sdk.Notice) int { return strings.Compare(a.Subject, b.Subject) })
	if more := len(out) - maxNotices; more > 0 {
		out = append(out[:maxNotices], sdk.Notice{Subject: fmt.Sprintf("%d more tables", more), Message: "not equal any more", Cure: Cure})
	}
	return out
}

func (m *Mark) message() string {
	return fmt.Sprintf("not equal any more: %s, by %q at %s", m.Reason, m.Statement, m.At)
}

// Counts returns how many tables are not equal, by sink.
func (s *Set) Counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for _, k := range s.sinks {
		out[k.name] = len(k.marks)
	}
	return out
}
