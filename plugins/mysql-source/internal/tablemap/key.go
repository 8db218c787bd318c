package tablemap

import (
	"slices"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func eventKey(m *replication.TableMapEvent) []int {
	var key []int
	for _, n := range m.PrimaryKey {
		key = append(key, int(n))
	}
	return key
}

// index gives the table the indexes of the first known definition as far as their
// columns are still there. Where they do not give the key that the event names,
// that becomes the primary key, and no other index may identify rows.
func (b *builder) index(known []Known) {
	t, m := b.table, b.event.TableMapEvent
	want := t.Key
	for _, k := range known {
		if k.Table != nil && len(k.Table.Columns) > 0 {
			t.Indexes = surviving(t, k.Table)
			break
		}
	}
	if t.Rekey(); slices.Equal(t.Key, want) || len(want) == 0 && partialKey(t) {
		return
	}
	t.Indexes = slices.DeleteFunc(t.Indexes, func(x table.Index) bool { return x.IsPrimary() || x.Unique && !nullable(t, &x) })
	if len(want) > 0 {
		x := table.Index{Name: table.Primary, Unique: true}
		for i, n := range want {
			p := table.Part{Column: t.Columns[n].Name}
			if i < len(m.PrimaryKeyPrefix) {
				p.Prefix = int(m.PrimaryKeyPrefix[i])
			}
			x.Parts = append(x.Parts, p)
		}
		t.Indexes = append(t.Indexes, x)
	}
	t.Rekey()
}

// surviving are copies of the indexes of a known definition all of whose columns
// the table has.
func surviving(t, known *table.Table) []table.Index {
	var out []table.Index
	for _, x := range known.Clone().Indexes {
		if !slices.ContainsFunc(x.Parts, func(p table.Part) bool { return p.Column != "" && t.Find(p.Column) < 0 }) {
			out = append(out, x)
		}
	}
	return out
}

func nullable(t *table.Table, x *table.Index) bool {
	return slices.ContainsFunc(columns(t, x), func(i int) bool { return i >= 0 && t.Columns[i].Nullable })
}
