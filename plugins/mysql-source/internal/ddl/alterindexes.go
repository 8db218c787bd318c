package ddl

import (
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// oldIndexes drops and renames indexes and lets them follow their columns.
func (a *alteration) oldIndexes(actions []Action) error {
	drop, rename := map[string]bool{}, map[string]string{}
	for _, x := range actions {
		switch x := x.(type) {
		case *DropIndex:
			drop[strings.ToLower(x.Name)] = true
		case *RenameIndex:
			rename[strings.ToLower(x.Old)] = x.New
		}
	}
	a.table.Indexes = nil
	for _, x := range a.old.Clone().Indexes {
		name := strings.ToLower(x.Name)
		x.Parts = a.followColumns(x.Parts)
		if drop[name] || len(x.Parts) == 0 {
			continue
		}
		if to, ok := rename[name]; ok {
			x.Name = to
		}
		a.table.Indexes = append(a.table.Indexes, x)
	}
	return nil
}

// followColumns gives index parts the new names of their columns and leaves out
// dropped ones. A column dropped and added again keeps its place in indexes.
func (a *alteration) followColumns(parts []table.Part) []table.Part {
	var out []table.Part
	for _, p := range parts {
		if p.Column != "" {
			i := slices.IndexFunc(a.table.Columns, func(c table.Column) bool { return a.continues(&c, p.Column) })
			if i < 0 {
				continue
			}
			p.Column = a.table.Columns[i].Name
		}
		out = append(out, p)
	}
	return out
}

// continues reports whether a column of the new table takes the place of an old one.
func (a *alteration) continues(c *table.Column, old string) bool {
	was, changed := a.changed[strings.ToLower(c.Name)]
	if !changed {
		was = c.Name
	}
	return strings.EqualFold(was, old)
}

func (a *alteration) newIndexes(actions []Action) error {
	var defs []IndexDef
	var periods []PeriodDef
	for _, x := range actions {
		switch x := x.(type) {
		case *AddIndex:
			defs = append(defs, x.Index)
		case *AddPeriod:
			periods = append(periods, x.Period)
		}
	}
	if err := addPeriods(a.table, periods, defs); err != nil {
		return err
	}
	return addIndexes(a.table, defs)
}
