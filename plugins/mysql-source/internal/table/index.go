package table

import (
	"slices"
	"strings"
)

// Primary is the name under which the primary key stands among the indexes.
const Primary = "PRIMARY"

// Part is one part of an index.
type Part struct {
	// Column is the column's name, empty for a functional part.
	Column string `json:"column,omitempty"`
	// Prefix is the number of leading characters or bytes indexed, 0 for all.
	Prefix int `json:"prefix,omitempty"`
}

// Index is one index; foreign keys and checks are not kept.
type Index struct {
	Name   string `json:"name"`
	Unique bool   `json:"unique,omitempty"`
	// Special is FULLTEXT, SPATIAL or VECTOR, else empty.
	Special string `json:"special,omitempty"`
	// Hash is MariaDB's USING HASH, which puts the hash of a unique index into a
	// hidden column.
	Hash  bool   `json:"hash,omitempty"`
	Parts []Part `json:"parts"`
}

// IsPrimary reports whether the index is the primary key.
func (x *Index) IsPrimary() bool { return x.Unique && strings.EqualFold(x.Name, Primary) }

// FindIndex returns the position of the named index, or -1.
func (t *Table) FindIndex(name string) int {
	return slices.IndexFunc(t.Indexes, func(x Index) bool { return strings.EqualFold(x.Name, name) })
}

// Rekey puts the indexes into the order in which the server keeps them and
// derives Key: the primary key, else the first unique index whose columns are
// all NOT NULL and none functional. That is the key Debezium takes from SHOW
// CREATE TABLE; on a stream it also takes nullable and already dropped ones.
func (t *Table) Rekey() {
	t.dropRowEnd()
	slices.SortStableFunc(t.Indexes, func(a, b Index) int { return t.rank(&a) - t.rank(&b) })
	t.Key = nil
	for i := range t.Indexes {
		if key, ok := t.identifies(&t.Indexes[i]); ok {
			t.Key = key
			return
		}
	}
}

// rank orders as the server does: primary, unique not null, unique over whole
// columns, other unique, other, full text. Functional ones, whose order hangs
// on expressions, come last; they identify no row.
func (t *Table) rank(x *Index) int {
	switch {
	case x.IsPrimary():
		return 0
	case slices.ContainsFunc(x.Parts, func(p Part) bool { return p.Column == "" }):
		return 8
	case x.Special == "FULLTEXT":
		return 7
	case !x.Unique:
		return 6
	}
	rank := 1
	if t.hasNullablePart(x) {
		rank += 2
	}
	if slices.ContainsFunc(x.Parts, func(p Part) bool { return t.isPartial(p) }) {
		rank++
	}
	return rank
}

func (t *Table) hasNullablePart(x *Index) bool {
	return slices.ContainsFunc(x.Parts, func(p Part) bool {
		i := t.Find(p.Column)
		return i >= 0 && t.Columns[i].Nullable
	})
}

// isPartial reports whether a part indexes less than its column; a prefix as
// long as the column counts as the whole.
func (t *Table) isPartial(p Part) bool {
	i := t.Find(p.Column)
	return p.Prefix > 0 && i >= 0 && p.Prefix != t.Columns[i].Length
}

func (t *Table) identifies(x *Index) ([]int, bool) {
	if !x.Unique || len(x.Parts) == 0 {
		return nil, false
	}
	key := make([]int, 0, len(x.Parts))
	for _, p := range x.Parts {
		i := t.Find(p.Column)
		if p.Column == "" || i < 0 || t.Columns[i].Nullable {
			return nil, false
		}
		key = append(key, i)
	}
	return key, true
}
