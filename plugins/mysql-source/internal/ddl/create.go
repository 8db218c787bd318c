package ddl

// createTable reads CREATE TABLE behind those words.
func (p *parser) createTable(orReplace bool) Statement {
	s := &CreateTable{OrReplace: orReplace, IfNotExists: p.ifNotExists()}
	s.Table = p.tableName()
	if p.like(s) {
		return s
	}
	if p.peek(0).punct('(') && !p.atQuery(1) {
		p.take()
		if p.like(s) {
			p.wantPunct(')')
			return s
		}
		p.createElements(s)
		p.wantPunct(')')
	}
	p.createOptions(s)
	if len(s.Columns) == 0 && !s.Select {
		p.fail("expected columns, LIKE or a query")
	}
	return s
}

func (p *parser) like(s *CreateTable) bool {
	if !p.hasAny("LIKE") {
		return false
	}
	n := p.tableName()
	s.Like = &n
	return true
}

// atQuery reports whether a query begins n tokens ahead.
func (p *parser) atQuery(n int) bool {
	t := p.peek(n)
	if t.isAny("SELECT", "WITH", "VALUES", "TABLE") {
		return true
	}
	return t.punct('(')
}

// elements reads columns and constraints up to the closing bracket.
func (p *parser) elements(columns *[]ColumnDef, indexes *[]IndexDef) {
	for p.err == nil {
		p.element(columns, indexes)
		if !p.hasPunct(',') {
			return
		}
	}
}

func (p *parser) element(columns *[]ColumnDef, indexes *[]IndexDef) {
	if p.atConstraint() {
		if d, ok := p.constraint(); ok {
			*indexes = append(*indexes, d)
		}
		return
	}
	c, own := p.columnDef()
	*columns = append(*columns, c)
	*indexes = append(*indexes, own...)
}

// createOptions reads table options and skips partitions. A query behind them
// may add columns, so it is noted.
func (p *parser) createOptions(s *CreateTable) {
	for !p.atEnd() {
		t := p.peek(0)
		switch {
		case p.option(&s.Options):
		case p.has("WITH", "SYSTEM", "VERSIONING"):
			s.Versioned = true
		case t.is("SEQUENCE") && p.peek(1).punct('='):
			p.take()
			p.hasPunct('=')
			s.Sequence = p.take().text != "0"
		case t.isAny("SELECT", "WITH", "VALUES"), t.is("AS"), t.is("TABLE"), t.punct('(') && p.atQuery(1):
			s.Select = true
			p.skipStatement()
		case t.is("PARTITION"):
			p.skipPartitions()
		default:
			p.skipOption()
		}
	}
}

// skipPartitions skips PARTITION BY and what belongs to it, up to a query.
func (p *parser) skipPartitions() {
	for !p.atEnd() && !p.peek(0).isAny("SELECT", "AS", "WITH") {
		p.skipOne()
	}
}

// skipOption skips NAME [=] value, so that a value is not taken for an option.
func (p *parser) skipOption() {
	p.skipOne()
	if p.hasPunct('=') {
		p.skipOne()
	}
}
