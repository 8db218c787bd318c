package ddl

import (
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// atIndex reports whether CREATE INDEX, with its kind, is next.
func (p *parser) atIndex() bool {
	for i := 0; ; i++ {
		switch t := p.peek(i); {
		case t.is("INDEX"):
			return true
		case !t.isAny("ONLINE", "OFFLINE", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"):
			return false
		}
	}
}

// createIndex reads CREATE [UNIQUE|…] INDEX behind CREATE, as an ALTER TABLE.
func (p *parser) createIndex() Statement {
	var d IndexDef
	for !p.hasAny("INDEX") {
		switch t := p.take(); {
		case t.is("UNIQUE"):
			d.Unique = true
		case t.isAny("FULLTEXT", "SPATIAL", "VECTOR"):
			d.Special = strings.ToUpper(t.text)
		}
	}
	d.IfNotExists = p.ifNotExists()
	d.Name = p.ident("an index name")
	p.indexType(&d)
	p.waitOption()
	if !p.has("ON") {
		p.fail("expected ON")
	}
	s := &AlterTable{Table: p.tableName()}
	p.indexParts(&d)
	p.indexOptions(&d)
	s.Actions = []Action{&AddIndex{Index: d}}
	p.skipStatement()
	return s
}

// dropIndex reads what follows DROP INDEX.
func (p *parser) dropIndex() Statement {
	p.ifExists()
	name := p.ident("an index name")
	if !p.has("ON") {
		p.fail("expected ON")
	}
	s := &AlterTable{Table: p.tableName(), Actions: []Action{&DropIndex{Name: name}}}
	p.skipStatement()
	return s
}

func (p *parser) skipStatement() {
	for !p.atEnd() {
		p.skipOne()
	}
}

// atConstraint reports whether an index or constraint is next, not a column.
func (p *parser) atConstraint() bool {
	t := p.peek(0)
	switch {
	case t.isAny("PRIMARY", "UNIQUE", "INDEX", "KEY", "FULLTEXT", "SPATIAL", "CONSTRAINT", "FOREIGN", "CHECK"):
		return true
	case t.is("VECTOR"):
		return p.peek(1).isAny("INDEX", "KEY")
	case t.is("PERIOD"):
		return p.peek(1).is("FOR")
	}
	return false
}

// constraint reads an index or constraint; false for one that is no index.
func (p *parser) constraint() (IndexDef, bool) {
	name := ""
	if p.hasAny("CONSTRAINT") && !p.peek(0).isAny("PRIMARY", "UNIQUE", "FOREIGN", "CHECK") {
		name = p.ident("a constraint name")
	}
	var d IndexDef
	switch t := p.take(); {
	case t.is("PRIMARY"):
		p.hasAny("KEY")
		d.Unique = true
		name = table.Primary
	case t.is("UNIQUE"):
		d.Unique = true
		p.hasAny("INDEX", "KEY")
	case t.isAny("INDEX", "KEY"):
	case t.isAny("FULLTEXT", "SPATIAL", "VECTOR"):
		d.Special = strings.ToUpper(t.text)
		p.hasAny("INDEX", "KEY")
	case t.is("FOREIGN"):
		p.hasAny("KEY")
		d.Foreign = true
	default: // CHECK
		p.skipItem()
		return d, false
	}
	d.IfNotExists = p.ifNotExists()
	d.Name = p.indexName(&d, name, d.Foreign || name == table.Primary)
	p.indexParts(&d)
	p.indexOptions(&d)
	return d, true
}

// indexName reads an optional name and type; prefer says that the constraint's
// name wins over the index's own.
func (p *parser) indexName(d *IndexDef, constraint string, prefer bool) string {
	name := ""
	if t := p.peek(0); t.isName() && !p.atIndexType() {
		name = p.name(p.take())
	}
	p.indexType(d)
	if name == "" || prefer && constraint != "" {
		return constraint
	}
	return name
}

func (p *parser) atIndexType() bool {
	return p.peek(0).isAny("USING", "TYPE") && p.peek(1).isAny("BTREE", "HASH", "RTREE")
}

func (p *parser) indexType(d *IndexDef) {
	if p.atIndexType() {
		p.take()
		d.Hash = p.take().is("HASH") && d.Unique && p.lex.mode.MariaDB
	}
}

// indexOptions reads what follows the columns of an index.
func (p *parser) indexOptions(d *IndexDef) {
	for !p.atEnd() && !p.peek(0).punct(',') && !p.peek(0).punct(')') {
		if p.atIndexType() {
			p.indexType(d)
		} else {
			p.skipOne()
		}
	}
}

// indexParts reads the bracketed list of columns, prefixes and expressions.
func (p *parser) indexParts(d *IndexDef) {
	p.wantPunct('(')
	for p.err == nil {
		var part table.Part
		if p.peek(0).punct('(') {
			p.group()
		} else {
			part.Column = p.ident("a column name")
			if p.peek(0).punct('(') {
				part.Prefix, _ = strconv.Atoi(p.group())
			}
		}
		if p.has("WITHOUT", "OVERLAPS") {
			d.Period = part.Column
		} else {
			d.Parts = append(d.Parts, part)
		}
		p.skipItem()
		if !p.hasPunct(',') {
			break
		}
	}
	p.wantPunct(')')
}
