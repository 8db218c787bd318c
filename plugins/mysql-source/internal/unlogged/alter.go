package unlogged

import (
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// alter collects the effects of one ALTER TABLE.
type alter struct {
	statement *ddl.AlterTable
	strict    bool
	name      table.Name // under which its rows are afterwards
	// before and after are nil where they are not known.
	before, after *table.Table
	effects       []Effect
}

func ofAlter(s *ddl.AlterTable, changes []ddl.Change, strict bool) []Effect {
	// A table that is not followed has no change, but its rows may go to others.
	a := &alter{statement: s, strict: strict && !s.Ignore, name: s.Table}
	for _, c := range changes {
		switch c.Op {
		case ddl.Dropped: // by CONVERT TABLE TO PARTITION
			a.effects = append(a.effects, Effect{Table: c.Name, Kind: Dropped})
		case ddl.Created: // by CONVERT PARTITION TO TABLE
			a.effects = append(a.effects, Effect{Table: c.Name, Kind: RenamedIn, Detail: s.Table.String()})
		default:
			a.name, a.before, a.after = c.Name, c.Before, c.Table
		}
	}
	for _, x := range s.Actions {
		a.action(x)
	}
	a.charsets()
	a.keys()
	return append(a.effects, renames(changes)...)
}

func (a *alter) add(e Effect) {
	e.Table = a.name
	if !slices.Contains(a.effects, e) {
		a.effects = append(a.effects, e)
	}
}

// column adds an effect on one column.
func (a *alter) column(k Kind, name string) { a.add(Effect{Kind: k, Column: name}) }

func (a *alter) action(x ddl.Action) {
	switch x := x.(type) {
	case *ddl.MoveRows:
		a.moved(x)
	case *ddl.AddColumn:
		a.added(x)
	case *ddl.ChangeColumn:
		a.changed(x)
	case *ddl.RenameColumn:
		a.renamed(x.Old, x.New, x.IfExists)
	case *ddl.AddIndex:
		if a.statement.Ignore && x.Index.Unique {
			a.add(Effect{Kind: Ignore})
		}
	}
}

func (a *alter) moved(m *ddl.MoveRows) {
	switch m.Kind {
	case ddl.PartitionBy:
		if a.statement.Ignore {
			a.add(Effect{Kind: Ignore})
		}
		return
	case ddl.DiscardTablespace, ddl.ImportTablespace:
		a.add(Effect{Kind: Tablespace, Detail: string(m.Kind)})
		return
	case ddl.Blackhole:
		a.add(Effect{Kind: Engine, Detail: string(m.Kind)})
		return
	}
	a.add(Effect{Kind: Partition, Detail: string(m.Kind)})
	if m.Kind == ddl.ExchangePartition && m.With != nil {
		a.effects = append(a.effects, Effect{Table: *m.With, Kind: Partition, Detail: string(m.Kind)})
	}
}

// added finds columns that have a value in rows which were there before.
func (a *alter) added(x *ddl.AddColumn) {
	name := x.Column.Name
	if a.before != nil && a.before.Find(name) >= 0 {
		if x.IfNotExists {
			return
		}
		a.column(ColumnAdded, name) // it was dropped just now: a copy may still have its values
		return
	}
	c, null := x.Column.Column, x.Column.Null == nil || *x.Column.Null
	if i := find(a.after, name); i >= 0 {
		c = a.after.Columns[i]
		null = c.Nullable
	} else if c.Type == "TIMESTAMP" || c.Declared == "SERIAL" {
		null = false // it depends on the session
	}
	if !null || c.Default != nil || c.Generated != "" || c.AutoIncrement {
		a.column(ColumnAdded, name)
	}
}

// changed compares a column's definition before with the one after.
func (a *alter) changed(x *ddl.ChangeColumn) {
	i := find(a.before, x.Old)
	if a.before != nil && i < 0 {
		return // IF EXISTS
	}
	a.renamed(x.Old, x.Column.Name, x.IfExists)
	j := find(a.after, x.Column.Name)
	if i < 0 || j < 0 {
		a.column(ColumnChanged, x.Column.Name)
		return
	}
	if bends(&a.before.Columns[i], &a.after.Columns[j], a.strict) {
		a.column(ColumnChanged, x.Column.Name)
	}
}

func (a *alter) renamed(from, to string, ifExists bool) {
	if strings.EqualFold(from, to) || ifExists && a.before != nil && a.before.Find(from) < 0 {
		return
	}
	a.add(Effect{Kind: ColumnRenamed, Detail: from, Column: to})
}

// charsets looks at the columns that CONVERT TO wrote anew.
func (a *alter) charsets() {
	for _, x := range a.statement.Actions {
		if _, ok := x.(*ddl.ConvertTo); !ok {
			continue
		}
		if a.before == nil || a.after == nil {
			a.add(Effect{Kind: ColumnChanged, Column: "of text"})
			return
		}
		for i := range a.before.Columns {
			was := &a.before.Columns[i]
			if j := a.after.Find(was.Name); j >= 0 && recodes(was, &a.after.Columns[j]) {
				a.column(ColumnChanged, was.Name)
			}
		}
	}
}

// keys compares the columns that records are found by.
func (a *alter) keys() {
	if a.before == nil || a.after == nil {
		return
	}
	if was, is := keyOf(a.before), keyOf(a.after); !strings.EqualFold(was, is) {
		a.add(Effect{Kind: KeyChanged, Detail: "(" + was + ") became (" + is + ")"})
	}
}

func keyOf(t *table.Table) string {
	names := make([]string, 0, len(t.Key))
	for _, i := range t.Key {
		names = append(names, t.Columns[i].Name)
	}
	return strings.Join(names, ", ")
}

func find(t *table.Table, name string) int {
	if t == nil {
		return -1
	}
	return t.Find(name)
}
