// Package unlogged knows what statements do to the rows of tables without row
// events in the log: TRUNCATE, DROP and CREATE, RENAME, partitions that are
// dropped or exchanged, columns that get values in rows that are there. Whoever
// keeps a copy of the rows by their events alone ends up with other rows.
//
// It is pure. Start reading at Of.
package unlogged

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// Kind says what happened to the rows of a table.
type Kind string

// The kinds. Of the first three nothing of the table's rows is left; after the
// others some of them are not what a copy has.
const (
	// Truncated tables are empty, and so are Created ones that were there before.
	Truncated Kind = "truncated"
	Created   Kind = "created"
	Dropped   Kind = "dropped"

	RenamedAway Kind = "renamed_away"
	RenamedIn   Kind = "renamed_in"
	Partition   Kind = "partition"
	Tablespace  Kind = "tablespace"
	Engine      Kind = "engine"
	Ignore      Kind = "alter_ignore"
	ColumnAdded Kind = "column_added"
	// ColumnRenamed leaves the values of old rows under the old name.
	ColumnRenamed Kind = "column_renamed"
	ColumnChanged Kind = "column_changed"
	KeyChanged    Kind = "key_changed"
	// Unlogged is a definition that changed without a statement in the log.
	Unlogged Kind = "unlogged"
	// Unread statements may have done anything to the tables they name.
	Unread Kind = "unread"
)

// Effect is what a statement did to one table.
type Effect struct {
	Table table.Name
	Kind  Kind
	// Detail names the clause, keys or other table; empty where there is none.
	Detail string
	// Column that the effect is about, under its new name; empty where it is about
	// the whole table.
	Column string
}

// Reason tells the effect in words.
func (e *Effect) Reason() string {
	switch e.Kind {
	case Truncated, Created:
		return "the table was emptied without row events"
	case Dropped:
		return "the table was dropped"
	case RenamedAway:
		return "the table was renamed to " + e.Detail
	case RenamedIn:
		return "table " + e.Detail + " took this name, whose rows were not copied under it"
	case Partition, Tablespace, Engine:
		return e.Detail + " changed rows without row events"
	case Ignore:
		return "ALTER IGNORE TABLE may have left out rows, or changed values"
	case ColumnAdded:
		return "column " + e.Column + " was added with a value for the rows that were there"
	case ColumnRenamed:
		return "column " + e.Detail + " was renamed to " + e.Column + ", and the rows that were there have the value under the old name in a copy"
	case ColumnChanged:
		return "column " + e.Column + " was changed in a way that may have changed values"
	case KeyChanged:
		return "the key is another one: " + e.Detail
	case Unlogged:
		return "its definition was changed without a statement in the log (sql_log_bin=0), which may have changed rows as well"
	default:
		return "what a statement that cannot be read did to the rows is not known"
	}
}
