package tablemap

import (
	"fmt"
	"slices"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Check proves as far as the event tells that t is the definition its rows were
// written with. It is table.Check, and what needs the characters of labels, or
// the certainty that the event would name a key.
func Check(t *table.Table, m *replication.TableMapEvent) error {
	if err := table.Check(t, m); err != nil {
		return err
	}
	v := read(m)
	for i := range t.Columns {
		if err := v.checkColumn(&t.Columns[i], i); err != nil {
			return fmt.Errorf("table %s: %w: column %d %q: %w", t.ID(), table.ErrMismatch, i+1, t.Columns[i].Name, err)
		}
	}
	if Named(m) && len(m.PrimaryKey) == 0 && !partialKey(t) {
		return fmt.Errorf("table %s: %w: primary key: columns %v defined, none in the event", t.ID(), table.ErrMismatch, t.Key)
	}
	return nil
}

func (v *event) checkColumn(c *table.Column, i int) error {
	if _, told := v.geometryTypes[i]; told && c.IsSpatial() && c.Type != v.geometry(i) {
		return fmt.Errorf("type defined %s, in the event %s", c.Type, v.geometry(i))
	}
	for n, raw := range v.rawLabels[i] {
		label, err := labelText(c.Charset, raw)
		if err != nil {
			return err
		}
		if label != c.Values[n] {
			return fmt.Errorf("label %d defined %s, in the event %s", n+1, c.Values[n], label)
		}
	}
	return nil
}

// partialKey says whether the table may have the key that it has though the event
// names none: the server names a unique key where there is no primary one, but not
// one that holds the beginning of a column only.
func partialKey(t *table.Table) bool {
	if len(t.Key) == 0 {
		return true
	}
	for i := range t.Indexes {
		x := &t.Indexes[i]
		if x.Unique && (t.Hashed(x) || slices.ContainsFunc(x.Parts, func(p table.Part) bool { return p.Prefix > 0 })) && !x.IsPrimary() && slices.Equal(columns(t, x), t.Key) {
			return true
		}
	}
	return false
}

// columns are the places of an index's columns.
func columns(t *table.Table, x *table.Index) []int {
	var out []int
	for _, p := range x.Parts {
		out = append(out, t.Find(p.Column))
	}
	return out
}
