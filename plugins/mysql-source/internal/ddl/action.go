package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// Options are the table or database options that decide definitions.
type Options struct {
	Charset, Collation string // as written, empty where not given
	Comment            *string
}

// ColumnDef is a column as a statement defines it, before the defaults of its
// table are known: Column.Charset and Collation are as written, lengths are
// given or Unset.
type ColumnDef struct {
	table.Column
	// Null is nil where neither NULL nor NOT NULL is written.
	Null *bool
	// BinaryCollation is the BINARY attribute of character types.
	BinaryCollation bool
	// NullDefault is an explicit DEFAULT NULL.
	NullDefault bool
	// labels of ENUM and SET, whose characters hang on the column's character set.
	labels []literal
	// Place is where ADD, MODIFY or CHANGE puts the column.
	Place Place
	// Versioned is MariaDB's WITH SYSTEM VERSIONING of one column, which makes
	// the table versioned.
	Versioned bool
}

// Place is FIRST, AFTER a column, or neither.
type Place struct {
	First bool
	After string
}

func (p Place) given() bool { return p.First || p.After != "" }

// IndexDef is an index as a statement defines it; Name may be empty.
type IndexDef struct {
	table.Index
	IfNotExists bool
	// Foreign marks the index that a foreign key brings along if none serves it.
	Foreign bool
	// Period is the period that WITHOUT OVERLAPS names in the place of columns.
	Period string
}

// Action is one clause of ALTER TABLE that matters here.
type Action interface{ action() }

// AddColumn adds a column.
type AddColumn struct {
	Column      ColumnDef
	IfNotExists bool
}

// ChangeColumn is CHANGE, and MODIFY with Old equal to the new name.
type ChangeColumn struct {
	Old      string
	Column   ColumnDef
	IfExists bool
}

// RenameColumn keeps everything but the name.
type RenameColumn struct {
	Old, New string
	IfExists bool
}

// DropColumn drops a column, and its parts of indexes.
type DropColumn struct {
	Name     string
	IfExists bool
}

// SetDefault replaces the default; nil drops it.
type SetDefault struct {
	Column  string
	Default *table.Default
}

// SetVisibility hides or shows a column.
type SetVisibility struct {
	Column    string
	Invisible bool
}

// AddIndex adds an index.
type AddIndex struct{ Index IndexDef }

// DropIndex drops an index, if it is known: indexes that foreign keys make and
// unmake are followed only as far as their names matter.
type DropIndex struct{ Name string }

// RenameIndex renames an index.
type RenameIndex struct{ Old, New string }

// RenameTo renames the table.
type RenameTo struct{ Name table.Name }

// SetOptions changes the table's options, not its columns.
type SetOptions struct{ Options Options }

// ConvertTo changes the character set of the table and all its text columns.
type ConvertTo struct{ Options Options }

func (*AddColumn) action()     {}
func (*ChangeColumn) action()  {}
func (*RenameColumn) action()  {}
func (*DropColumn) action()    {}
func (*SetDefault) action()    {}
func (*SetVisibility) action() {}
func (*AddIndex) action()      {}
func (*DropIndex) action()     {}
func (*RenameIndex) action()   {}
func (*RenameTo) action()      {}
func (*SetOptions) action()    {}
func (*ConvertTo) action()     {}
