package ddl

import (
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// alterTable reads ALTER TABLE behind those words.
func (p *parser) alterTable(ignore bool) Statement {
	s := &AlterTable{Ignore: ignore, IfExists: p.ifExists()}
	s.Table = p.tableName()
	p.waitOption()
	for !p.atEnd() {
		p.clause(s)
		p.hasPunct(',')
	}
	return s
}

func (s *AlterTable) add(a Action) { s.Actions = append(s.Actions, a) }

// clause reads one clause. The comma between clauses is not insisted on: table
// options and partition clauses follow without one.
func (p *parser) clause(s *AlterTable) {
	switch {
	case p.has("ADD"):
		p.addClause(s)
	case p.has("DROP"):
		p.dropClause(s)
	case p.has("CHANGE"):
		p.hasAny("COLUMN")
		ifExists := p.ifExists()
		p.changed(s, p.columnName(), p.ident("a column name"), ifExists)
	case p.has("MODIFY"):
		p.hasAny("COLUMN")
		ifExists := p.ifExists()
		name := p.columnName()
		p.changed(s, name, name, ifExists)
	case p.has("ALTER"):
		p.alterClause(s)
	case p.has("RENAME"):
		p.renameClause(s)
	case p.has("CONVERT"):
		p.convertClause(s)
	default:
		p.optionClause(s)
	}
}

// changed reads the definition and place of CHANGE and MODIFY.
func (p *parser) changed(s *AlterTable, from, to string, ifExists bool) {
	c, indexes := p.fieldDef(to)
	c.Place = p.place()
	s.add(&ChangeColumn{Old: from, Column: c, IfExists: ifExists})
	for _, x := range indexes {
		s.add(&AddIndex{Index: x})
	}
}

func (p *parser) place() Place {
	switch {
	case p.has("FIRST"):
		return Place{First: true}
	case p.has("AFTER"):
		return Place{After: p.columnName()}
	}
	return Place{}
}

// addClause reads what follows ADD.
func (p *parser) addClause(s *AlterTable) {
	switch {
	case p.atPeriod():
		s.add(&AddPeriod{Period: p.period()})
	case p.atConstraint():
		if d, ok := p.constraint(); ok {
			s.add(&AddIndex{Index: d})
		}
	case p.peek(0).is("PARTITION"):
		p.skipStatement()
	case p.has("SYSTEM", "VERSIONING"):
		s.add(&SetVersioned{Versioned: true})
	default:
		p.addColumns(s)
	}
}

func (p *parser) addColumns(s *AlterTable) {
	p.hasAny("COLUMN")
	ifNotExists := p.ifNotExists()
	var columns []ColumnDef
	var indexes []IndexDef
	if p.hasPunct('(') {
		p.elements(&columns, &indexes)
		p.wantPunct(')')
	} else {
		c, own := p.columnDef()
		c.Place = p.place()
		columns, indexes = []ColumnDef{c}, own
	}
	for _, c := range columns {
		s.add(&AddColumn{Column: c, IfNotExists: ifNotExists})
	}
	for _, x := range indexes {
		s.add(&AddIndex{Index: x})
	}
}

// dropClause reads what follows DROP.
func (p *parser) dropClause(s *AlterTable) {
	switch {
	case p.has("PRIMARY"):
		p.hasAny("KEY")
		s.add(&DropIndex{Name: table.Primary})
	case p.hasAny("INDEX", "KEY"):
		p.ifExists()
		s.add(&DropIndex{Name: p.ident("an index name")})
	case p.has("FOREIGN", "KEY"), p.has("CHECK"), p.has("PERIOD", "FOR"):
		p.skipItem()
	case p.has("CONSTRAINT"):
		p.ifExists()
		s.add(&DropIndex{Name: p.ident("a constraint name")})
	case p.peek(0).is("PARTITION"):
		s.add(&MoveRows{Kind: DropPartition})
		p.skipStatement()
	case p.has("SYSTEM", "VERSIONING"):
		s.add(&SetVersioned{})
	default:
		p.hasAny("COLUMN")
		ifExists := p.ifExists()
		s.add(&DropColumn{Name: p.columnName(), IfExists: ifExists})
		p.hasAny("RESTRICT", "CASCADE")
	}
}

// alterClause reads what follows ALTER inside of ALTER TABLE.
func (p *parser) alterClause(s *AlterTable) {
	if p.hasAny("INDEX", "KEY", "CHECK", "CONSTRAINT") {
		p.skipItem()
		return
	}
	p.hasAny("COLUMN")
	p.ifExists()
	name := p.columnName()
	switch {
	case p.has("SET", "DEFAULT"):
		d := p.setDefault()
		s.add(&SetDefault{Column: name, Default: d})
	case p.has("DROP", "DEFAULT"):
		s.add(&SetDefault{Column: name})
	case p.has("SET", "VISIBLE"):
		s.add(&SetVisibility{Column: name})
	case p.has("SET", "INVISIBLE"):
		s.add(&SetVisibility{Column: name, Invisible: true})
	default:
		p.fail("expected SET or DROP")
	}
}

// renameClause reads what follows RENAME inside of ALTER TABLE.
func (p *parser) renameClause(s *AlterTable) {
	switch {
	case p.peek(0).is("COLUMN") && !p.peek(1).punct('.'):
		p.take()
		ifExists := p.ifExists()
		from := p.columnName()
		p.wantTo()
		s.add(&RenameColumn{Old: from, New: p.columnName(), IfExists: ifExists})
	case p.hasAny("INDEX", "KEY"):
		p.ifExists()
		from := p.ident("an index name")
		p.wantTo()
		s.add(&RenameIndex{Old: from, New: p.ident("an index name")})
	default:
		if !p.hasAny("TO", "AS") {
			p.hasPunct('=')
		}
		s.add(&RenameTo{Name: p.tableName()})
	}
}

func (p *parser) wantTo() {
	if !p.has("TO") {
		p.fail("expected TO")
	}
}

// convertClause reads what follows CONVERT.
func (p *parser) convertClause(s *AlterTable) {
	if p.peek(0).isAny("PARTITION", "TABLE") {
		p.convertPartition(s)
		return
	}
	p.wantTo()
	var o Options
	if p.has("CHARACTER", "SET") || p.has("CHAR", "SET") || p.has("CHARSET") {
		o.Charset = p.optionName("a character set")
	} else {
		p.fail("expected CHARACTER SET")
	}
	if p.peek(0).is("COLLATE") {
		o.Collation = p.collation()
	}
	s.add(&ConvertTo{Options: o})
}

// toComma are first words of clauses that end at a comma and decide nothing.
var toComma = wordSet(`FORCE ENABLE DISABLE WITH WITHOUT SECONDARY_LOAD SECONDARY_UNLOAD ORDER`)

// toEnd are first words of clauses that take the rest of the statement.
var toEnd = wordSet(`PARTITION REMOVE DISCARD IMPORT COALESCE REORGANIZE EXCHANGE TRUNCATE ANALYZE CHECK
	OPTIMIZE REBUILD REPAIR`)

// valueOptions are options whose value may follow without an equals sign.
var valueOptions = wordSet(`ALGORITHM LOCK ENGINE TYPE AUTO_INCREMENT AUTOEXTEND_SIZE AVG_ROW_LENGTH CHECKSUM
	COMPRESSION CONNECTION DATA INDEX DELAY_KEY_WRITE ENCRYPTION ENGINE_ATTRIBUTE INSERT_METHOD KEY_BLOCK_SIZE
	MAX_ROWS MIN_ROWS PACK_KEYS PASSWORD ROW_FORMAT SECONDARY_ENGINE SECONDARY_ENGINE_ATTRIBUTE
	START STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES STORAGE TABLESPACE TABLE_CHECKSUM UNION
	TRANSACTIONAL PAGE_CHECKSUM`)

// optionClause reads a table option or a clause that decides nothing.
func (p *parser) optionClause(s *AlterTable) {
	var o Options
	if p.option(&o) {
		for p.option(&o) {
		}
		s.add(&SetOptions{Options: o})
		return
	}
	word := strings.ToUpper(p.peek(0).text)
	switch {
	case p.peek(0).kind != tokenWord:
		p.fail("expected a clause of ALTER TABLE")
	case toEnd[word]:
		p.partitionClause(s, word)
	case word == "ORDER": // ORDER BY a, b has commas of its own
		p.skipStatement()
	case toComma[word]:
		p.skipItem()
	case valueOptions[word], p.peek(1).punct('='):
		p.engine(s, word)
		p.skipValueOption()
	default:
		p.fail("unknown clause of ALTER TABLE")
	}
}

// skipValueOption skips NAME [=] value, also DATA DIRECTORY and the like.
func (p *parser) skipValueOption() {
	p.take()
	p.hasAny("DIRECTORY", "TRANSACTION")
	p.hasPunct('=')
	p.skipOne()
}
