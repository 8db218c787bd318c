package ddl

import (
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Database holds the defaults that a new table takes from its database.
type Database struct {
	Charset   string `json:"charset"`
	Collation string `json:"collation"`
}

// Catalog is what is known of databases and tables at one position. Keep every
// table of a captured database in it, not the captured tables alone: a table
// that is renamed into a captured name (as online schema changes do) then
// brings its definition along. What Keep refuses is never stored.
type Catalog struct {
	// Server holds the defaults of a database created without its own.
	Server    Database
	Databases map[string]Database
	Tables    map[table.Name]*table.Table
	// Keep says whether a table's definition is to be followed; nil keeps all.
	Keep func(table.Name) bool
	// FoldNames is lower_case_table_names other than 0: names are compared, and
	// kept, in lower case.
	FoldNames bool
}

// NewCatalog returns an empty catalog.
func NewCatalog(server Database, keep func(table.Name) bool) *Catalog {
	return &Catalog{
		Server:    server,
		Databases: map[string]Database{},
		Tables:    map[table.Name]*table.Table{},
		Keep:      keep,
	}
}

// Put stores a definition, as read from a checkpoint or from the server.
func (c *Catalog) Put(t *table.Table) { c.Tables[c.fold(t.ID())] = t }

// Table returns the definition of a table, or nil if it is not known.
func (c *Catalog) Table(n table.Name) *table.Table { return c.Tables[c.fold(n)] }

func (c *Catalog) fold(n table.Name) table.Name {
	if c.FoldNames {
		return table.Name{Database: strings.ToLower(n.Database), Table: strings.ToLower(n.Table)}
	}
	return n
}

func (c *Catalog) keeps(n table.Name) bool { return c.Keep == nil || c.Keep(n) }

// Op says what happened to a table.
type Op uint8

// The operations on a table.
const (
	Created Op = iota
	Altered
	Dropped
	Renamed
	Truncated
)

// Change is the effect of a statement on one kept table. Of a Renamed one
// either name may be one that is not kept.
type Change struct {
	Op   Op
	Name table.Name
	// From is the former name of a Renamed table.
	From table.Name
	// Table is the new definition. It is nil after Dropped, and where only the
	// server knows it: ask it, and prove the answer by the next TABLE_MAP.
	Table *table.Table
	// Before is the definition until then, nil if there was none, or none known.
	Before *table.Table
}
