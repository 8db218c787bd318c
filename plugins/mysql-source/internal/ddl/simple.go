package ddl

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// create reads what follows CREATE.
func (p *parser) create() Statement {
	orReplace := p.has("OR", "REPLACE")
	if p.hasAny("TEMPORARY") {
		return &Other{Kind: Irrelevant, Verb: "CREATE"}
	}
	switch {
	case p.hasAny("TABLE"):
		return p.createTable(orReplace)
	case p.hasAny("SEQUENCE"):
		return p.createSequence(orReplace)
	case p.hasAny("DATABASE", "SCHEMA"):
		return p.database(true)
	case p.atIndex():
		return p.createIndex()
	}
	return &Other{Kind: Irrelevant, Verb: "CREATE"}
}

// alter reads what follows ALTER.
func (p *parser) alter() Statement {
	ignore := false
	for p.peek(0).isAny("ONLINE", "OFFLINE", "IGNORE") {
		ignore = p.take().is("IGNORE") || ignore
	}
	switch {
	case p.hasAny("TABLE"):
		return p.alterTable(ignore)
	case p.hasAny("DATABASE", "SCHEMA"):
		return p.database(false)
	}
	return &Other{Kind: Irrelevant, Verb: "ALTER"}
}

// drop reads what follows DROP.
func (p *parser) drop() Statement {
	if p.hasAny("TEMPORARY") {
		return &Other{Kind: Irrelevant, Verb: "DROP"}
	}
	for p.hasAny("ONLINE", "OFFLINE") {
	}
	switch {
	case p.hasAny("TABLE", "TABLES", "SEQUENCE"):
		return p.dropTables()
	case p.hasAny("DATABASE", "SCHEMA"):
		p.ifExists()
		return &DropDatabase{Name: p.ident("a database name")}
	case p.hasAny("INDEX"):
		return p.dropIndex()
	}
	return &Other{Kind: Irrelevant, Verb: "DROP"}
}

func (p *parser) dropTables() Statement {
	p.ifExists()
	s := &DropTable{Tables: []table.Name{p.tableName()}}
	for p.hasPunct(',') {
		s.Tables = append(s.Tables, p.tableName())
	}
	p.waitOption()
	p.hasAny("RESTRICT", "CASCADE")
	return s
}

// rename reads what follows RENAME.
func (p *parser) rename() Statement {
	if !p.hasAny("TABLE", "TABLES") {
		return &Other{Kind: Irrelevant, Verb: "RENAME"}
	}
	p.ifExists()
	s := &RenameTable{}
	for {
		from := p.tableName()
		p.waitOption()
		if !p.has("TO") {
			p.fail("expected TO")
		}
		s.Pairs = append(s.Pairs, Rename{From: from, To: p.tableName()})
		if !p.hasPunct(',') {
			return s
		}
	}
}

// truncate reads what follows TRUNCATE.
func (p *parser) truncate() Statement {
	p.hasAny("TABLE")
	s := &TruncateTable{Table: p.tableName()}
	p.waitOption()
	return s
}

// waitOption passes over MariaDB's WAIT n and NOWAIT.
func (p *parser) waitOption() {
	if p.hasAny("WAIT") {
		p.take()
	}
	p.hasAny("NOWAIT")
}

// database reads CREATE or ALTER DATABASE behind those words.
func (p *parser) database(create bool) Statement {
	s := &SetDatabase{IfNotExists: p.ifNotExists(), Name: p.lex.mode.Database, Create: create}
	if t := p.peek(0); create || t.kind == tokenQuoted || t.isName() && !p.atDatabaseOption() {
		s.Name = p.ident("a database name")
	}
	for !p.atEnd() {
		if !p.option(&s.Options) {
			p.skipOne()
		}
	}
	return s
}

// atDatabaseOption tells ALTER DATABASE CHARACTER SET … from a name.
func (p *parser) atDatabaseOption() bool {
	next := p.peek(1)
	switch t := p.peek(0); {
	case t.is("CHARACTER"):
		return next.is("SET")
	case t.isAny("CHARSET", "COLLATE", "ENCRYPTION", "COMMENT"):
		return next.punct('=') || next.isName() && !next.isAny("CHARACTER", "CHARSET", "COLLATE", "DEFAULT", "READ") || next.kind == tokenString
	case t.is("DEFAULT"):
		return next.isAny("CHARACTER", "CHARSET", "COLLATE", "ENCRYPTION")
	case t.is("READ"):
		return next.is("ONLY")
	}
	return false
}
