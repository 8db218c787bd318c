package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// build makes the definition that a CREATE TABLE by columns stands for.
func (s *CreateTable) build(m Mode, base Database) (*table.Table, error) {
	own, err := m.resolve(s.Options, base)
	if err != nil {
		return nil, fmt.Errorf("define table %s: %w", s.Table, err)
	}
	t := &table.Table{Database: s.Table.Database, Name: s.Table.Table, Charset: own.Charset, Collation: own.Collation}
	if s.Options.Comment != nil {
		t.Comment = *s.Options.Comment
	}
	if t.Versioned, t.Sequence = s.Versioned, s.Sequence; s.Sequence {
		return t, nil
	}
	for _, d := range s.Columns {
		t.Versioned = t.Versioned || d.Versioned
		c, err := m.column(d, own)
		if err != nil {
			return nil, fmt.Errorf("define table %s: %w", s.Table, err)
		}
		if t.Find(c.Name) >= 0 {
			return nil, fmt.Errorf("define table %s: column %q stands twice: %w", s.Table, c.Name, ErrMismatch)
		}
		t.Columns = append(t.Columns, c)
	}
	if m.ImplicitTimestamps {
		implicitTimestamps(t.Columns)
	}
	if err := addPeriods(t, s.Periods, s.Indexes); err != nil {
		return nil, err
	}
	return t, addIndexes(t, s.Indexes)
}

// addIndexes names and adds indexes, and settles the row key.
func addIndexes(t *table.Table, defs []IndexDef) error {
	for _, d := range defs {
		if d.Foreign && served(t, defs, d.Parts) || d.IfNotExists && t.FindIndex(d.Name) >= 0 {
			continue
		}
		x := d.Index
		x.Parts = append([]table.Part(nil), d.Parts...)
		if x.Name == "" {
			x.Name = freeName(t, x.Parts)
		}
		t.Indexes = append(t.Indexes, x)
	}
	for i := range t.Indexes {
		impliedSpatial(t, &t.Indexes[i])
		if err := settleParts(t, &t.Indexes[i]); err != nil {
			return err
		}
	}
	t.Rekey()
	return nil
}

// settleParts gives parts their columns' own spelling, drops prefixes that
// cover the column, and makes the primary key's columns NOT NULL.
func settleParts(t *table.Table, x *table.Index) error {
	for i := range x.Parts {
		p := &x.Parts[i]
		if p.Column == "" {
			continue
		}
		n := t.Find(p.Column)
		if n < 0 {
			return fmt.Errorf("define index %q of table %s: no column %q: %w", x.Name, t.ID(), p.Column, ErrMismatch)
		}
		c := &t.Columns[n]
		p.Column = c.Name
		if !takesPrefix(c.Type) || c.Length != table.Unset && p.Prefix >= c.Length {
			p.Prefix = 0
		}
		if x.IsPrimary() {
			c.Nullable = false
		}
	}
	return nil
}

// impliedSpatial marks a plain index over a geometry, which is always SPATIAL.
func impliedSpatial(t *table.Table, x *table.Index) {
	if x.Unique || x.Special != "" || len(x.Parts) != 1 {
		return
	}
	if i := t.Find(x.Parts[0].Column); i >= 0 && t.Columns[i].IsSpatial() {
		x.Special = "SPATIAL"
	}
}

// takesPrefix reports whether an index may cover the beginning of such a column only.
func takesPrefix(typ string) bool {
	switch typ {
	case "CHAR", "VARCHAR", "BINARY", "VARBINARY":
		return true
	}
	return strings.HasSuffix(typ, "TEXT") || strings.HasSuffix(typ, "BLOB")
}

// freeName names an index as the server does: after its first column, or
// functional_index where any part is an expression, with a number if taken.
func freeName(t *table.Table, parts []table.Part) string {
	base := "functional_index"
	if !slices.ContainsFunc(parts, func(p table.Part) bool { return p.Column == "" }) {
		base = parts[0].Column
		if i := t.Find(base); i >= 0 {
			base = t.Columns[i].Name
		}
	}
	if t.FindIndex(base) < 0 && !strings.EqualFold(base, table.Primary) {
		return base
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("%s_%d", base, n); t.FindIndex(name) < 0 {
			return name
		}
	}
}

// served reports whether another index begins with a foreign key's columns, so
// that the foreign key brings none of its own.
func served(t *table.Table, defs []IndexDef, parts []table.Part) bool {
	for i := range t.Indexes {
		if beginsWith(&t.Indexes[i], parts) {
			return true
		}
	}
	for i := range defs {
		if !defs[i].Foreign && beginsWith(&defs[i].Index, parts) {
			return true
		}
	}
	return false
}

func beginsWith(x *table.Index, parts []table.Part) bool {
	if x.Special != "" || len(x.Parts) < len(parts) {
		return false
	}
	for i, p := range parts {
		if !strings.EqualFold(x.Parts[i].Column, p.Column) || x.Parts[i].Prefix != 0 {
			return false
		}
	}
	return true
}

// implicitTimestamps gives TIMESTAMP columns the defaults they have with
// explicit_defaults_for_timestamp=OFF: now for the first, zero for the others.
func implicitTimestamps(columns []table.Column) {
	first := true
	for i := range columns {
		c := &columns[i]
		if c.Type != "TIMESTAMP" || c.Nullable || c.Generated != "" {
			continue
		}
		if c.Default == nil && first {
			c.Default = &table.Default{Kind: table.DefaultNow}
		} else if c.Default == nil {
			c.Default = &table.Default{Kind: table.DefaultText, Text: "0000-00-00 00:00:00"}
			_ = c.CanonicalDefault() // zero is the same in every time zone
		}
		first = false
	}
}
