package table

import (
	"reflect"
	"slices"
	"strings"
)

// Name identifies a table; both parts are case-sensitive as the server stores them.
type Name struct {
	Database string `json:"db"`
	Table    string `json:"table"`
}

// String gives the name as it stands in messages and configuration: db.table.
func (n Name) String() string { return n.Database + "." + n.Table }

// StateKey tells tables apart where a dot may be part of either name: String gives
// the same for `a.b`.`c` and `a`.`b.c`.
func (n Name) StateKey() string {
	return strings.NewReplacer("%", "%25", ".", "%2E").Replace(n.Database) + "." + n.Table
}

// Table is one table's definition at one position of the log. Definitions are
// values: whoever changes one clones it first, so a stored one never moves.
type Table struct {
	Database  string   `json:"db"`
	Name      string   `json:"name"`
	Charset   string   `json:"charset"`
	Collation string   `json:"collation"`
	Comment   string   `json:"comment,omitempty"`
	Columns   []Column `json:"columns"`
	Indexes   []Index  `json:"indexes,omitempty"`
	// Key holds the column indexes of the row key in key order; it is derived
	// by Rekey and empty where no key identifies a row.
	Key []int `json:"key,omitempty"`
	// Versioned is MariaDB's WITH SYSTEM VERSIONING: the table keeps the rows
	// that were, beside those that are, and the log has both.
	Versioned bool `json:"versioned,omitempty"`
	// Sequence marks a sequence of MariaDB, whose changes are in the log as rows
	// of a table. It has no columns here.
	Sequence bool `json:"sequence,omitempty"`
}

// ID returns the table's qualified name.
func (t *Table) ID() Name { return Name{Database: t.Database, Table: t.Name} }

// Find returns the index of the named column, or -1. Column names are
// case-insensitive on every platform.
func (t *Table) Find(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return strings.EqualFold(c.Name, name) })
}

// Clone returns a deep copy.
func (t *Table) Clone() *Table {
	u := *t
	u.Columns = slices.Clone(t.Columns)
	for i := range u.Columns {
		u.Columns[i] = t.Columns[i].Clone()
	}
	u.Indexes = slices.Clone(t.Indexes)
	for i := range u.Indexes {
		u.Indexes[i].Parts = slices.Clone(t.Indexes[i].Parts)
	}
	u.Key = slices.Clone(t.Key)
	return &u
}

// Equal reports whether both definitions are the same in every respect, the
// wording of declarations included.
func (t *Table) Equal(u *Table) bool {
	if t == nil || u == nil {
		return t == u
	}
	return reflect.DeepEqual(t.compact(), u.compact())
}

// compact makes empty and nil slices alike, as they are in the stored form.
func (t *Table) compact() *Table {
	u := t.Clone()
	for i := range u.Columns {
		if len(u.Columns[i].Values) == 0 {
			u.Columns[i].Values = nil
		}
	}
	if len(u.Columns) == 0 {
		u.Columns = nil
	}
	if len(u.Indexes) == 0 {
		u.Indexes = nil
	}
	if len(u.Key) == 0 {
		u.Key = nil
	}
	return u
}
