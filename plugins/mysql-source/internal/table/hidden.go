package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-mysql-org/go-mysql/replication"
)

// longestKey is how many bytes an index holds at most; MariaDB makes a longer
// unique one of a hash in a hidden column.
const longestKey = 3072

// logged gives the definition as the server logs it: with the hidden columns
// that the event has behind the table's own. These are the period of a versioned
// table, and the hash of each long unique index. Only as many hashes are assumed
// as the definition has such indexes; in which order they are it does not tell.
func (t *Table) logged(m *replication.TableMapEvent) *Table {
	columns := int(m.ColumnCount)
	if !t.Versioned && columns <= len(t.Columns) {
		return t
	}
	u := *t
	u.Columns = slices.Clone(t.Columns)
	if t.Versioned && t.rowEnd() < 0 {
		u.Columns = append(u.Columns, hiddenTime(hiddenStart), hiddenTime(hiddenEnd))
	}
	if end := t.RowEndColumn(); end >= 0 && len(t.Key) > 0 {
		u.Key = append(slices.Clone(t.Key), end)
	}
	nulls, notNulls := t.longUniques()
	for n := 1; n <= nulls+notNulls && len(u.Columns) < columns; n++ {
		told, nullable := m.Nullable(len(u.Columns))
		if !told || nullable && nulls == 0 || !nullable && notNulls == 0 {
			nullable = nulls > 0
		}
		u.Columns = append(u.Columns, Column{
			Name: fmt.Sprintf("DB_ROW_HASH_%d", n), Type: "BIGINT", Length: Unset, Scale: Unset, Unsigned: true, Nullable: nullable,
		})
	}
	return &u
}

func hiddenTime(name string) Column {
	return Column{Name: name, Type: "TIMESTAMP", Length: 6, Scale: Unset}
}

// Hashed reports whether MariaDB keeps a unique index by a hash in a hidden
// column; it does not count as a key then.
func (t *Table) Hashed(x *Index) bool { return x.Unique && !x.IsPrimary() && (x.Hash || t.isLong(x)) }

// longUniques counts the unique indexes that have a hidden hash, which is NULL
// where one of the index's columns is.
func (t *Table) longUniques() (nulls, notNulls int) {
	for i := range t.Indexes {
		x := &t.Indexes[i]
		switch {
		case !t.Hashed(x):
		case t.hasNullablePart(x):
			nulls++
		default:
			notNulls++
		}
	}
	return nulls, notNulls
}

// isLong reports whether an index is too long to be kept as it is.
func (t *Table) isLong(x *Index) bool {
	bytes := 0
	for _, p := range x.Parts {
		i := t.Find(p.Column)
		if i < 0 {
			return false
		}
		c := &t.Columns[i]
		if p.Prefix == 0 && (strings.HasSuffix(c.Type, "TEXT") || strings.HasSuffix(c.Type, "BLOB")) {
			return true
		}
		bytes += c.indexed(p.Prefix)
	}
	return bytes > longestKey
}

// indexed is how many bytes of a string an index part takes, 0 for other types.
func (c *Column) indexed(prefix int) int {
	if c.Type != "VARCHAR" && c.Type != "VARBINARY" && c.Type != "CHAR" && c.Type != "BINARY" {
		return 0
	}
	short := *c
	if prefix > 0 {
		short.Length = prefix
	}
	return short.bytes()
}
