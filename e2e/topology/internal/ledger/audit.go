package ledger

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Audit holds what a reader has seen against a ledger. It is safe for concurrent use.
type Audit struct {
	ledger *Ledger

	mu     sync.Mutex
	trails map[Row]*trail
	faults []string
	taken  int
	again  int
}

// trail is how far the changes of a row have come.
type trail struct {
	waiting []Change // that the ledger does not have yet: a reader may be faster than the writer
	at      int      // number of the last one seen, -1 before the first
	high    int      // the highest of them
}

// NewAudit returns an audit of a reader that has seen nothing.
func NewAudit(l *Ledger) *Audit { return &Audit{ledger: l, trails: map[Row]*trail{}} }

// Take judges what was seen next. Of a row the order in which it is called counts.
func (a *Audit) Take(c Change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.taken++
	t := a.trails[c.Row]
	if t == nil {
		t = &trail{at: -1, high: -1}
		a.trails[c.Row] = t
	}
	t.waiting = append(t.waiting, c)
	a.judge(t)
}

// judge goes on with a row as far as the ledger has it.
func (a *Audit) judge(t *trail) {
	for len(t.waiting) > 0 {
		c := t.waiting[0]
		n, settled, ok := a.ledger.find(c)
		if !ok {
			return
		}
		t.waiting = t.waiting[1:]
		// A row of a snapshot stands for all before it, and so may one that a snapshot leaves out.
		if n > t.at+1 && n > settled && c.Op != Read {
			a.faults = append(a.faults, fmt.Sprintf("%s %d: change %d (%s, version %d) after change %d: what is between them did not come", c.Table, c.ID, n, c.Op, c.Version, t.at))
		}
		if n <= t.high {
			a.again++
		}
		t.at, t.high = n, max(t.high, n)
	}
}

// Missing returns what has not come of a cut, in words; none if all has.
func (a *Audit) Missing(cut Cut) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for _, row := range slices.SortedFunc(maps.Keys(cut), compareRows) {
		t := a.trails[row]
		if t == nil {
			t = &trail{at: -1, high: -1}
		}
		a.judge(t)
		if last := cut[row] - 1; t.at < last && (t.high >= 0 || !a.ledger.gone(row, last)) {
			out = append(out, fmt.Sprintf("%s %d: change %d has come, want %d", row.Table, row.ID, t.at, last))
		}
	}
	return out
}

// Faults returns what came in a wrong order or is nobody's change, in words.
func (a *Audit) Faults() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.faults)
}

// Unknown returns what was seen and is not in the ledger. It says something once the writers rest.
func (a *Audit) Unknown() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for _, row := range slices.SortedFunc(maps.Keys(a.trails), compareRows) {
		t := a.trails[row]
		if a.judge(t); len(t.waiting) > 0 {
			out = append(out, fmt.Sprintf("%s %d: %s of version %d was never committed", row.Table, row.ID, t.waiting[0].Op, t.waiting[0].Version))
		}
	}
	return out
}

// Taken returns how many changes came, and how many of them had come before.
func (a *Audit) Taken() (all, again int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.taken, a.again
}

func compareRows(a, b Row) int {
	return cmp.Or(strings.Compare(a.Table, b.Table), cmp.Compare(a.ID, b.ID))
}
