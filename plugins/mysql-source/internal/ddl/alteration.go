package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// alterTable applies all actions at once, in the server's order: what happens
// to old columns, then new and moved columns, then indexes, then the name.
func (c *Catalog) alterTable(s *AlterTable, m Mode) ([]Change, error) {
	from := c.fold(s.Table)
	to := from
	for _, a := range s.Actions {
		if r, ok := a.(*RenameTo); ok {
			to = c.fold(r.Name)
		}
	}
	t, err := c.altered(from, s, m)
	if err != nil {
		return nil, fmt.Errorf("alter table %s: %w", from, err)
	}
	before := c.Tables[from]
	if to == from {
		if !c.keeps(from) {
			return c.convertPartitions(s, t), nil
		}
		c.set(from, t)
		return append([]Change{{Op: Altered, Name: from, Table: t, Before: before}}, c.convertPartitions(s, t)...), nil
	}
	c.set(from, t)
	renamed := c.renameTables([]Rename{{From: from, To: to}})
	for i := range renamed {
		renamed[i].Before = before // of all that the statement does
	}
	return renamed, nil
}

// altered gives the new definition; nil where the old one is not known.
func (c *Catalog) altered(n table.Name, s *AlterTable, m Mode) (*table.Table, error) {
	old := c.Tables[n]
	if old == nil {
		return nil, nil
	}
	a := alteration{mode: m, old: old, table: old.Clone()}
	for _, step := range []func([]Action) error{a.options, a.oldColumns, a.newColumns, a.oldIndexes, a.newIndexes} {
		if err := step(s.Actions); err != nil {
			return nil, err
		}
	}
	return a.table, nil
}

// alteration is one ALTER TABLE under way.
type alteration struct {
	mode  Mode
	old   *table.Table
	table *table.Table
	// converts is set by CONVERT TO CHARACTER SET.
	converts bool
	// changed gives the old names of changed and renamed columns by their new
	// ones; all in lower case.
	changed map[string]string
}

func (a *alteration) base() Database {
	return Database{Charset: a.table.Charset, Collation: a.table.Collation}
}

// options sets what is to hold for new columns, before any is added.
func (a *alteration) options(actions []Action) error {
	for _, x := range actions {
		var o Options
		switch x := x.(type) {
		case *SetOptions:
			o = x.Options
		case *ConvertTo:
			o, a.converts = x.Options, true
		case *SetVersioned:
			a.table.Versioned = x.Versioned
			continue
		default:
			continue
		}
		d, err := a.mode.resolve(o, a.base())
		if err != nil {
			return err
		}
		a.table.Charset, a.table.Collation = d.Charset, d.Collation
		if o.Comment != nil {
			a.table.Comment = *o.Comment
		}
	}
	return nil
}

// oldColumns drops, changes in place and renames, all by old names. Columns
// that also move stay where they are until newColumns comes to them.
func (a *alteration) oldColumns(actions []Action) error {
	byName := map[string][]Action{}
	for _, x := range actions {
		name, optional := columnOf(x)
		if name == "" {
			continue
		}
		if a.old.Find(name) < 0 {
			if optional {
				continue
			}
			return fmt.Errorf("no column %q: %w", name, ErrMismatch)
		}
		byName[strings.ToLower(name)] = append(byName[strings.ToLower(name)], x)
	}
	a.changed = map[string]string{}
	a.table.Columns = nil
	for _, c := range a.old.Columns {
		if err := a.oldColumn(c.Clone(), byName[strings.ToLower(c.Name)]); err != nil {
			return err
		}
	}
	return nil
}

// columnOf names the old column that an action works on, and whether it may be absent.
func columnOf(x Action) (name string, optional bool) {
	switch x := x.(type) {
	case *DropColumn:
		return x.Name, x.IfExists
	case *ChangeColumn:
		return x.Old, x.IfExists
	case *RenameColumn:
		return x.Old, x.IfExists
	case *SetDefault:
		return x.Column, false
	case *SetVisibility:
		return x.Column, false
	}
	return "", false
}

func (a *alteration) oldColumn(c table.Column, actions []Action) error {
	was, touched := strings.ToLower(c.Name), false
	if err := a.convert(&c); err != nil {
		return err
	}
	for _, x := range actions {
		switch x := x.(type) {
		case *DropColumn:
			return nil
		case *ChangeColumn:
			d, err := a.column(x.Column)
			if err != nil {
				return err
			}
			c, touched = d, true
		case *RenameColumn:
			c.Name, touched = x.New, true
		case *SetDefault:
			c.Default = x.Default
			if err := a.mode.normalDefault(&c); err != nil {
				return err
			}
		case *SetVisibility:
			c.Invisible = x.Invisible
		}
	}
	if touched {
		a.changed[strings.ToLower(c.Name)] = was
	}
	a.table.Columns = append(a.table.Columns, c)
	return nil
}

// newColumns places added and moved columns one after the other; AFTER means
// the names of the new table.
func (a *alteration) newColumns(actions []Action) error {
	for _, x := range actions {
		c, place, err := a.toPlace(x)
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		at, err := a.position(place)
		if err != nil {
			return err
		}
		a.table.Columns = slices.Insert(a.table.Columns, at, *c)
	}
	if len(a.table.Columns) == 0 {
		return fmt.Errorf("no column is left: %w", ErrMismatch)
	}
	if a.mode.ImplicitTimestamps {
		implicitTimestamps(a.table.Columns)
	}
	return nil
}

// toPlace gives a new column, or an old one taken out of its place; nil for
// actions that place none.
func (a *alteration) toPlace(x Action) (*table.Column, Place, error) {
	switch x := x.(type) {
	case *AddColumn:
		if a.table.Find(x.Column.Name) >= 0 {
			if x.IfNotExists {
				return nil, Place{}, nil
			}
			return nil, Place{}, fmt.Errorf("column %q is there already: %w", x.Column.Name, ErrMismatch)
		}
		c, err := a.column(x.Column)
		return &c, x.Column.Place, err
	case *ChangeColumn:
		i := a.table.Find(x.Column.Name)
		if !x.Column.Place.given() || i < 0 {
			return nil, Place{}, nil
		}
		c := a.table.Columns[i]
		a.table.Columns = slices.Delete(a.table.Columns, i, i+1)
		return &c, x.Column.Place, nil
	}
	return nil, Place{}, nil
}

func (a *alteration) position(p Place) (int, error) {
	switch {
	case p.First:
		return 0, nil
	case p.After == "":
		return len(a.table.Columns), nil
	}
	i := a.table.Find(p.After)
	if i < 0 {
		return 0, fmt.Errorf("no column %q to stand behind: %w", p.After, ErrMismatch)
	}
	return i + 1, nil
}

// column resolves a definition of this statement; under CONVERT TO it takes the
// table's character set whatever it says itself, unless it holds bytes.
func (a *alteration) column(d ColumnDef) (table.Column, error) {
	c, err := a.mode.column(d, a.base())
	if err != nil || !a.converts || !convertible(&c) {
		return c, err
	}
	d.Charset, d.Collation = "", ""
	return a.mode.column(d, a.base())
}

// convert moves an old text column to the table's character set.
func (a *alteration) convert(c *table.Column) error {
	if !a.converts || !convertible(c) {
		return nil
	}
	from := c.Charset
	c.Charset, c.Collation = a.table.Charset, a.table.Collation
	widen(c, from)
	return convertLabels(c, from)
}

func convertible(c *table.Column) bool { return c.Charset != "" && c.Charset != "binary" }
