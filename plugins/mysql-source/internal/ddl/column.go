package ddl

import (
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// columnDef reads a column with its name, and the indexes its attributes make.
func (p *parser) columnDef() (ColumnDef, []IndexDef) {
	name := p.columnName()
	return p.fieldDef(name)
}

// fieldDef reads a column's type and attributes.
func (p *parser) fieldDef(name string) (ColumnDef, []IndexDef) {
	c := ColumnDef{Column: table.Column{Name: name, Length: table.Unset, Scale: table.Unset}}
	p.dataType(&c)
	a := attributes{p: p, column: &c}
	if c.Declared == "SERIAL" {
		a.serial()
	}
	for !p.atColumnEnd() {
		a.next()
	}
	return c, a.indexes()
}

// atColumnEnd reports whether the next token is no attribute: a separator, a
// place, or the partition clause of ALTER TABLE.
func (p *parser) atColumnEnd() bool {
	t := p.peek(0)
	return p.atEnd() || t.punct(',') || t.punct(')') || t.isAny("FIRST", "AFTER", "PARTITION", "REMOVE")
}

// attributes reads the attributes of one column, in any order.
type attributes struct {
	p               *parser
	column          *ColumnDef
	primary, unique bool
}

func (a *attributes) next() {
	p, c := a.p, a.column
	switch {
	case p.has("NOT", "NULL"):
		a.null(false)
	case p.has("NULL"):
		a.null(true)
	case p.has("DEFAULT"):
		p.columnDefault(c)
	case p.has("AUTO_INCREMENT"):
		c.AutoIncrement = true
		if !p.lex.mode.shown { // SHOW CREATE TABLE says NOT NULL where it holds
			a.null(false)
		}
	case p.has("SERIAL", "DEFAULT", "VALUE"):
		a.serial()
	case p.hasAny("UNIQUE"):
		p.hasAny("KEY", "INDEX")
		a.unique = true
	case p.has("PRIMARY"):
		p.hasAny("KEY")
		a.primary = true
	case p.has("KEY"):
		a.primary = true
	case p.has("COMMENT"):
		c.Comment = p.comment()
	case p.peek(0).is("COLLATE"):
		c.Collation = p.collation()
	default:
		a.rare()
	}
}

// rare reads the attributes that few columns have.
func (a *attributes) rare() {
	p, c := a.p, a.column
	switch {
	case p.has("INVISIBLE"):
		c.Invisible = true
	case p.peek(0).isAny("COMPRESSED", "WITH", "WITHOUT"):
		a.mariaDB()
	case p.has("VISIBLE"):
		c.Invisible = false
	case p.has("GENERATED", "ALWAYS"):
	case p.peek(0).is("AS"):
		a.generated()
	case p.has("SRID"):
		a.srid()
	case p.has("REF_SYSTEM_ID", "="):
		a.srid()
	case p.has("ON"):
		p.skipOn()
	case p.has("REFERENCES"):
		p.tableName()
		if p.peek(0).punct('(') {
			p.group()
		}
	case p.has("MATCH"):
		p.take()
	case p.has("CONSTRAINT"):
		if !p.peek(0).is("CHECK") {
			p.take()
		}
	case p.has("CHECK"):
		p.group()
		p.has("NOT", "ENFORCED")
	case p.charsetAttribute(c):
	default:
		p.skipOption()
	}
}

func (a *attributes) null(nullable bool) { a.column.Null = &nullable }

// serial is NOT NULL AUTO_INCREMENT UNIQUE.
func (a *attributes) serial() {
	a.null(false)
	a.column.AutoIncrement = true
	a.unique = true
}

// indexes gives those that the attributes make: one of a kind, however often
// it is said.
func (a *attributes) indexes() []IndexDef {
	var out []IndexDef
	if a.primary {
		out = append(out, a.index(table.Primary))
	}
	if a.unique {
		out = append(out, a.index(""))
	}
	return out
}

func (a *attributes) index(name string) IndexDef {
	return IndexDef{Index: table.Index{Name: name, Unique: true, Parts: []table.Part{{Column: a.column.Name}}}}
}

// generated reads AS (expression) and where it is kept; ROW START and ROW END
// of system-versioned tables are stored.
func (a *attributes) generated() {
	p, c := a.p, a.column
	p.take()
	c.Generated = table.Virtual
	if p.has("ROW") {
		a.rowPeriod()
		return
	}
	p.group()
	switch {
	case p.hasAny("STORED", "PERSISTENT"):
		c.Generated = table.Stored
	case p.hasAny("VIRTUAL"):
	}
}

func (a *attributes) srid() {
	p := a.p
	p.hasPunct('=')
	if n, ok := p.integer(); ok {
		srid := uint32(n)
		a.column.SRID = &srid
	}
}

// skipOn reads ON UPDATE and ON DELETE with whatever they do.
func (p *parser) skipOn() {
	p.take()
	switch {
	case p.has("SET"), p.has("NO"):
		p.take()
	default:
		p.take()
		if p.peek(0).punct('(') {
			p.group()
		}
	}
}
