package warehouse

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fold applies changes one by one into the rows that a query shows. A key keeps its last change even when that is a
// delete, so that an older upsert which arrives later does not bring the row back.
type fold struct {
	key   []string
	plain []*plainRow
	byKey map[string][]*plainRow
	last  map[string]Change
}

// plainRow came without a change type; keys are not enforced, so several may share one.
type plainRow struct {
	row  Row
	dead bool
}

func newFold(key []string) *fold {
	return &fold{key: key, byKey: map[string][]*plainRow{}, last: map[string]Change{}}
}

func (f *fold) add(c Change) {
	if c.Type == Insert || len(f.key) == 0 {
		f.insert(c)
		return
	}
	k := f.keyOf(c.Row)
	if last, ok := f.last[k]; ok && c.order.Compare(last.order) < 0 {
		return
	}
	f.last[k] = c
	for _, p := range f.byKey[k] {
		p.dead = true
	}
	delete(f.byKey, k)
}

func (f *fold) insert(c Change) {
	p := &plainRow{row: c.Row}
	f.plain = append(f.plain, p)
	if len(f.key) > 0 {
		k := f.keyOf(c.Row)
		f.byKey[k] = append(f.byKey[k], p)
	}
}

// rows returns the rows in ingestion order, or in key order if there is a key.
func (f *fold) rows() []Row {
	var out []Row
	for _, p := range f.plain {
		if !p.dead {
			out = append(out, p.row)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(f.last)) {
		if c := f.last[k]; c.Type == Upsert {
			out = append(out, c.Row)
		}
	}
	if len(f.key) > 0 {
		slices.SortStableFunc(out, func(a, b Row) int { return compareBy(f.key, a, b) })
	}
	return out
}

// keyOf joins the key's values so that no two keys give the same text.
func (f *fold) keyOf(r Row) string {
	var b strings.Builder
	for _, k := range f.key {
		v := fmt.Sprint(r[k])
		fmt.Fprintf(&b, "%d:%s", len(v), v)
	}
	return b.String()
}
