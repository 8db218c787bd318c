package ddl

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// ErrMismatch means that a statement does not fit the definition it changes:
// the catalog is not what the server had. The table must be read anew.
var ErrMismatch = errors.New("the tracked definition does not fit the statement")

// Apply carries a statement out on the catalog and reports what it did to kept
// tables. On an error the catalog is as it was. Stored definitions are never
// changed in place, so those handed out before stay valid.
func (c *Catalog) Apply(s Statement, m Mode) ([]Change, error) {
	switch s := s.(type) {
	case *CreateTable:
		return c.createTable(s, m)
	case *AlterTable:
		return c.alterTable(s, m)
	case *DropTable:
		return c.dropTables(s.Tables), nil
	case *RenameTable:
		return c.renameTables(s.Pairs), nil
	case *TruncateTable:
		if n := c.fold(s.Table); c.keeps(n) {
			return []Change{{Op: Truncated, Name: n, Table: c.Tables[n]}}, nil
		}
		return nil, nil
	case *SetDatabase:
		return nil, c.setDatabase(s, m)
	case *DropDatabase:
		return c.dropDatabase(s.Name), nil
	}
	return nil, nil
}

func (c *Catalog) createTable(s *CreateTable, m Mode) ([]Change, error) {
	n := c.fold(s.Table)
	if !c.keeps(n) || s.IfNotExists && c.Tables[n] != nil {
		return nil, nil
	}
	t, err := c.created(s, m)
	if err != nil {
		return nil, err
	}
	before := c.Tables[n]
	c.set(n, t)
	return []Change{{Op: Created, Name: n, Table: t, Before: before}}, nil
}

// created gives the new definition, or nil where only the server knows it.
func (c *Catalog) created(s *CreateTable, m Mode) (*table.Table, error) {
	switch {
	case s.Select:
		return nil, nil
	case s.Like != nil:
		if like := c.Table(*s.Like); like != nil {
			return like.Clone(), nil
		}
		return nil, nil
	}
	return s.build(m, c.database(s.Table.Database))
}

// database gives what a table takes from its database; nothing is known of one
// whose statement could not be read.
func (c *Catalog) database(name string) Database {
	return c.Databases[c.FoldDatabase(name)]
}

// FoldDatabase gives a database's name as the catalog has it.
func (c *Catalog) FoldDatabase(name string) string {
	return c.fold(table.Name{Database: name}).Database
}

// set stores a definition under a name, which becomes its own; nil forgets it.
func (c *Catalog) set(n table.Name, t *table.Table) {
	if t == nil {
		delete(c.Tables, n)
		return
	}
	t.Database, t.Name = n.Database, n.Table
	c.Tables[n] = t
}

func (c *Catalog) dropTables(names []table.Name) []Change {
	var out []Change
	for _, n := range names {
		n = c.fold(n)
		before := c.Tables[n]
		delete(c.Tables, n)
		if c.keeps(n) {
			out = append(out, Change{Op: Dropped, Name: n, Before: before})
		}
	}
	return out
}

// renameTables carries definitions along, through names that are not kept too,
// so that a swap by way of any third name works.
func (c *Catalog) renameTables(pairs []Rename) []Change {
	var out []Change
	for _, p := range pairs {
		from, to := c.fold(p.From), c.fold(p.To)
		before := c.Tables[from]
		delete(c.Tables, from)
		var t *table.Table
		if before != nil {
			t = before.Clone()
		}
		c.set(to, t)
		if c.keeps(from) || c.keeps(to) {
			out = append(out, Change{Op: Renamed, Name: to, From: from, Table: t, Before: before})
		}
	}
	for _, p := range pairs {
		if to := c.fold(p.To); !c.keeps(to) {
			delete(c.Tables, to)
		}
	}
	return out
}

func (c *Catalog) setDatabase(s *SetDatabase, m Mode) error {
	name := c.FoldDatabase(s.Name)
	_, known := c.Databases[name]
	if s.Create && s.IfNotExists && known {
		return nil
	}
	base := c.Server
	if !s.Create {
		base = c.database(name)
	} else if m.ServerCharset != "" && m.ServerCharset != base.Charset {
		base = Database{Charset: m.ServerCharset, Collation: m.defaultCollation(m.ServerCharset)}
	}
	d, err := m.resolve(s.Options, base)
	if err != nil {
		return fmt.Errorf("define database %s: %w", name, err)
	}
	c.Databases[name] = d
	return nil
}

func (c *Catalog) dropDatabase(name string) []Change {
	name = c.FoldDatabase(name)
	delete(c.Databases, name)
	var names []table.Name
	for n := range c.Tables {
		if n.Database == name {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b table.Name) int { return strings.Compare(a.Table, b.Table) })
	return c.dropTables(names)
}
