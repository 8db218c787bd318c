package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// Class says what a statement means for a stream of row changes.
type Class uint8

// The classes. Every statement has one; a statement of no known class is an error.
const (
	// Irrelevant changes neither tables nor rows nor the course of a transaction.
	Irrelevant Class = iota
	// Begin, Commit and Rollback delimit a transaction; Rollback makes the rows
	// before it void where their engine is transactional.
	Begin
	Commit
	Rollback
	// Savepoint sets or releases one; RollbackTo makes rows since it void.
	Savepoint
	RollbackTo
	// XA is any statement of a distributed transaction.
	XA
	// DML changes rows that will not arrive as row events.
	DML
	// Definition changes the catalog.
	Definition
)

// Statement is one of the types of this file, always by pointer.
type Statement interface{ Class() Class }

// Other is a statement that leaves the catalog alone.
type Other struct {
	Kind Class
	Verb string // its first word in upper case, or two for XA
	// Table is the target of a DML statement where it is plain, else empty.
	Table table.Name
}

// CreateTable covers all three forms: by columns, LIKE and AS SELECT.
type CreateTable struct {
	Table       table.Name
	IfNotExists bool
	OrReplace   bool
	Like        *table.Name
	// Select is set when columns may come from a query that only the server can
	// resolve. Row-format logs carry the resolved columns instead.
	Select  bool
	Columns []ColumnDef
	// Periods are MariaDB's PERIOD FOR.
	Periods []PeriodDef
	// Versioned is MariaDB's WITH SYSTEM VERSIONING.
	Versioned bool
	// Sequence is CREATE SEQUENCE, and SEQUENCE=1.
	Sequence bool
	Indexes  []IndexDef
	Options  Options
}

// AlterTable applies all its actions at once: names in them are the old ones.
type AlterTable struct {
	Table    table.Name
	IfExists bool
	// Ignore is the word that has rows left out, or their values bent, where the
	// statement would fail else.
	Ignore  bool
	Actions []Action
}

// DropTable drops each table that exists.
type DropTable struct{ Tables []table.Name }

// RenameTable renames one after the other, so that swaps work.
type RenameTable struct{ Pairs []Rename }

// Rename is one pair of RenameTable.
type Rename struct{ From, To table.Name }

// TruncateTable empties a table without row events.
type TruncateTable struct{ Table table.Name }

// SetDatabase is CREATE or ALTER DATABASE.
type SetDatabase struct {
	Name        string
	Create      bool
	IfNotExists bool
	Options     Options
}

// DropDatabase drops a database and all its tables.
type DropDatabase struct{ Name string }

// Class implements Statement.
func (s *Other) Class() Class { return s.Kind }

// Class implements Statement.
func (*CreateTable) Class() Class { return Definition }

// Class implements Statement.
func (*AlterTable) Class() Class { return Definition }

// Class implements Statement.
func (*DropTable) Class() Class { return Definition }

// Class implements Statement.
func (*RenameTable) Class() Class { return Definition }

// Class implements Statement.
func (*TruncateTable) Class() Class { return Definition }

// Class implements Statement.
func (*SetDatabase) Class() Class { return Definition }

// Class implements Statement.
func (*DropDatabase) Class() Class { return Definition }
