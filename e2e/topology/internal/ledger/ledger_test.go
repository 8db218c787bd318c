package ledger

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const table = "shop.orders"

// changes reads "c1 u2 d2" as changes of row 1.
func changes(text string) (out []Change) {
	for _, f := range strings.Fields(text) {
		out = append(out, Change{Row: Row{table, 1}, Op: f[:1], Version: int64(f[1] - '0')})
	}
	return out
}

func TestAudit(t *testing.T) {
	t.Parallel()
	const all = "c1 u2 u3 d3 c4"
	tests := map[string]struct {
		settled, committed, seen string
		faults, missing, unknown int
		again                    int
	}{
		"OK as committed":                              {"", all, all, 0, 0, 0, 0},
		"OK again from an earlier one on":              {"", all, "c1 u2 u3 u2 u3 d3 c4", 0, 0, 0, 2},
		"OK a snapshot in place of what it settles":    {"c1 u2", "u3 d3", "r2 u3 d3", 0, 0, 0, 0},
		"OK a snapshot of an earlier state":            {"c1 u2", "u3", "r1 u2 u3", 0, 0, 0, 0},
		"OK a snapshot while rows change":              {"", "c1 u2 u3", "r2 u3", 0, 0, 0, 0},
		"one left out behind a snapshot":               {"", "c1 u2 u3 u4", "r2 u4", 1, 0, 0, 0},
		"OK gone before the snapshot":                  {"c1 d1", "", "", 0, 0, 0, 0},
		"OK gone before the snapshot, and back":        {"c1 d1", "c2", "c2", 0, 0, 0, 0},
		"one left out":                                 {"", all, "c1 u3 d3 c4", 1, 0, 0, 0},
		"the first left out":                           {"", "c1 u2", "u2", 1, 0, 0, 0},
		"one left out when they come again":            {"", all, "c1 u2 u3 c1 u3 d3 c4", 1, 0, 0, 2},
		"the last left out":                            {"", all, "c1 u2 u3 d3", 0, 1, 0, 0},
		"ends behind, as the last ones did come again": {"", "c1 u2 u3", "c1 u2 u3 u2", 0, 1, 0, 1},
		"a settled row that did not come":              {"c1", "", "", 0, 1, 0, 0},
		"one left out behind what is settled":          {"c1", "u2 u3", "r1 u3", 1, 0, 0, 0},
		"nobody's":                                     {"", "c1", "c1 u7", 0, 0, 1, 0},
		"a deletion is no state of a snapshot":         {"c1 d1", "", "c1 d1 r1", 0, 1, 0, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := New()
			a := NewAudit(l)
			l.Commit(changes(tt.settled)...)
			l.Settle("shop")
			l.Commit(changes(tt.committed)...)
			for _, c := range changes(tt.seen) {
				a.Take(c)
			}
			missing := a.Missing(l.Cut())
			_, again := a.Taken()
			got := []int{len(a.Faults()), len(missing), len(a.Unknown()), again}
			if d := cmp.Diff([]int{tt.faults, tt.missing, tt.unknown, tt.again}, got); d != "" {
				t.Errorf("faults, missing, unknown, again (-want +got):\n%s%v %v %v", d, a.Faults(), missing, a.Unknown())
			}
		})
	}
}

func TestAudit_seenBeforeItIsEntered(t *testing.T) {
	t.Parallel()
	l := New()
	a := NewAudit(l)
	for _, c := range changes("c1 u2") {
		a.Take(c)
	}
	if len(a.Unknown()) != 1 || len(a.Faults()) != 0 {
		t.Errorf("before: %v, %v", a.Unknown(), a.Faults())
	}
	l.Commit(changes("c1 u2")...)
	if len(a.Unknown()) != 0 || len(a.Missing(l.Cut())) != 0 {
		t.Errorf("after: %v, %v", a.Unknown(), a.Missing(l.Cut()))
	}
}

func TestAudit_cutBeforeTheSnapshot(t *testing.T) {
	t.Parallel()
	l := New()
	a := NewAudit(l)
	l.Commit(changes("c1")...)
	cut := l.Cut()
	l.Commit(changes("d1")...)
	if len(a.Missing(cut)) != 1 {
		t.Error("not missing before the snapshot")
	}
	l.Settle("shop")
	if missing := a.Missing(cut); len(missing) != 0 {
		t.Errorf("missing though it was gone before the snapshot: %v", missing)
	}
}

func TestLedger(t *testing.T) {
	t.Parallel()
	l := New()
	l.Commit(changes("c1 u2")...)
	l.Commit(Change{Row{table, 2}, Create, 3}, Change{Row{table, 2}, Delete, 3}, Change{Row{"billing.b", 1}, Create, 4})
	cut := l.Cut()
	l.Commit(changes("u5")...)
	if d := cmp.Diff(map[int64]int64{1: 5}, l.Rows(table)); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	if d := cmp.Diff(Cut{{table, 1}: 2, {table, 2}: 2}, cut.Of("shop")); d != "" {
		t.Errorf("cut (-want +got):\n%s", d)
	}
	if got := l.Size("shop"); got != 5 {
		t.Errorf("shop has had %d changes, want 5", got)
	}
}
