package query

// Statement is what Parse read: one of the three.
type Statement struct {
	Select *Select
	Alter  *Alter
	// Constant is SELECT 1, which people check their rights with.
	Constant bool
}

// Table is the table that the statement is about, nil if there is none.
func (s *Statement) Table() []string {
	switch {
	case s.Select != nil:
		return s.Select.From
	case s.Alter != nil:
		return s.Alter.Table
	}
	return nil
}

// Parse reads a statement.
func Parse(sql string) (*Statement, error) {
	tokens, err := lex(sql)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	s := p.statement()
	p.accept(";")
	if p.tokens[0].kind != end {
		p.fail("the end of the statement")
	}
	if p.err != nil {
		return nil, p.err
	}
	return s, nil
}

func (p *parser) statement() *Statement {
	if p.accept("ALTER") {
		return &Statement{Alter: p.alter()}
	}
	p.expect("SELECT")
	if p.tokens[0].kind == number {
		p.advance()
		return &Statement{Constant: true}
	}
	s := &Select{Limit: -1}
	p.columns(s)
	p.expect("FROM")
	s.From = p.table()
	p.where(s)
	p.order(s)
	p.limit(s)
	return &Statement{Select: s}
}
