package ddl

import (
	"fmt"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// PeriodDef is MariaDB's PERIOD FOR name (start, end), of system time or of an
// application.
type PeriodDef struct{ Name, Start, End string }

// SetVersioned is ADD and DROP SYSTEM VERSIONING.
type SetVersioned struct{ Versioned bool }

// AddPeriod is ADD PERIOD FOR.
type AddPeriod struct{ Period PeriodDef }

func (*SetVersioned) action() {}
func (*AddPeriod) action()    {}

func (p *parser) atPeriod() bool { return p.peek(0).is("PERIOD") && p.peek(1).is("FOR") }

func (p *parser) period() PeriodDef {
	p.take()
	p.take()
	d := PeriodDef{Name: p.ident("a period name")}
	p.wantPunct('(')
	d.Start = p.ident("a column name")
	p.wantPunct(',')
	d.End = p.ident("a column name")
	p.wantPunct(')')
	return d
}

// createElements reads columns, constraints and periods up to the closing
// bracket.
func (p *parser) createElements(s *CreateTable) {
	for p.err == nil {
		if p.atPeriod() {
			s.Periods = append(s.Periods, p.period())
		} else {
			p.element(&s.Columns, &s.Indexes)
		}
		if !p.hasPunct(',') {
			return
		}
	}
}

// mariaDB reads column attributes that MySQL does not have.
func (a *attributes) mariaDB() {
	p := a.p
	switch {
	case p.has("COMPRESSED"):
		a.column.Compressed = p.lex.mode.MariaDB
		if p.hasPunct('=') {
			p.take()
		}
	case p.has("WITH", "SYSTEM", "VERSIONING"):
		a.column.Versioned = true
	case p.has("WITHOUT", "SYSTEM", "VERSIONING"):
	default:
		p.skipOption()
	}
}

// rowPeriod reads what follows AS ROW: START or END. The server fills the column
// in, never with NULL.
func (a *attributes) rowPeriod() {
	c := a.column
	c.Generated, c.Period = table.Stored, table.RowStart
	if a.p.take().is("END") {
		c.Period = table.RowEnd
	}
	a.null(false)
}

// addPeriods makes the columns of periods NOT NULL, and gives indexes WITHOUT
// OVERLAPS theirs: the end and the start, behind the columns named.
func addPeriods(t *table.Table, periods []PeriodDef, indexes []IndexDef) error {
	byName := map[string]PeriodDef{}
	for _, d := range periods {
		byName[d.Name] = d
		for _, name := range []string{d.Start, d.End} {
			if i := t.Find(name); i >= 0 {
				t.Columns[i].Nullable = false
			}
		}
	}
	for i := range indexes {
		x := &indexes[i]
		if x.Period == "" {
			continue
		}
		d, ok := byName[x.Period]
		if !ok {
			return fmt.Errorf("define index %q of table %s: no period %q: %w", x.Name, t.ID(), x.Period, ErrMismatch)
		}
		x.Parts, x.Period = append(x.Parts, table.Part{Column: d.End}, table.Part{Column: d.Start}), ""
	}
	return nil
}

// createSequence reads CREATE SEQUENCE behind those words. What it counts does
// not matter here.
func (p *parser) createSequence(orReplace bool) Statement {
	s := &CreateTable{OrReplace: orReplace, IfNotExists: p.ifNotExists(), Sequence: true}
	s.Table = p.tableName()
	p.skipStatement()
	return s
}
