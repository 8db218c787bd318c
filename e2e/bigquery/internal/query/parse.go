package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Select is a query of one table.
type Select struct {
	Columns []string // nil is all
	Count   bool
	CountAs string
	From    []string // dataset and table, or project, dataset and table
	Where   []Condition
	Order   []Order
	Limit   int // -1 is no limit
}

// Condition compares a column with a literal; Null says that the literal is NULL.
type Condition struct {
	Column, Op, Literal string
	Null                bool
}

// Order is one key of ORDER BY.
type Order struct {
	Column string
	Desc   bool
}

type parser struct {
	tokens []token
	err    error
}

func (p *parser) columns(s *Select) {
	if p.accept("*") {
		return
	}
	if p.accept("COUNT") {
		p.expect("(")
		p.expect("*")
		p.expect(")")
		s.Count, s.CountAs = true, "f0_"
		if p.accept("AS") {
			s.CountAs = p.name()
		}
		return
	}
	s.Columns = append(s.Columns, p.name())
	for p.accept(",") {
		s.Columns = append(s.Columns, p.name())
	}
}

// table reads `a.b.c` and a.b.c alike.
func (p *parser) table() []string {
	parts := strings.Split(p.name(), ".")
	for p.accept(".") {
		parts = append(parts, strings.Split(p.name(), ".")...)
	}
	if len(parts) > 3 || slices.Contains(parts, "") {
		p.fail("a table as project.dataset.table")
	}
	return parts
}

func (p *parser) where(s *Select) {
	if !p.accept("WHERE") {
		return
	}
	s.Where = append(s.Where, p.condition())
	for p.accept("AND") {
		s.Where = append(s.Where, p.condition())
	}
}

func (p *parser) condition() Condition {
	c := Condition{Column: p.name()}
	if p.accept("IS") {
		c.Op, c.Null = "=", true
		if p.accept("NOT") {
			c.Op = "!="
		}
		p.expect("NULL")
		return c
	}
	for _, op := range []string{"=", "!=", "<>", "<=", ">=", "<", ">"} {
		if p.accept(op) {
			c.Op = strings.Replace(op, "<>", "!=", 1)
			c.Literal = p.literal()
			return c
		}
	}
	p.fail("a comparison")
	return c
}

// literal reads a number, a string, TRUE, FALSE, or a string with its type before it: DATE '2026-01-01'.
func (p *parser) literal() string {
	t := p.tokens[0]
	if t.kind == word && p.tokens[1].kind == text {
		p.advance()
		t = p.tokens[0]
	}
	if t.kind != text && t.kind != number && !strings.EqualFold(t.text, "TRUE") && !strings.EqualFold(t.text, "FALSE") {
		p.fail("a literal")
	}
	p.advance()
	return t.text
}

func (p *parser) order(s *Select) {
	if !p.accept("ORDER") {
		return
	}
	p.expect("BY")
	for {
		o := Order{Column: p.name()}
		if o.Desc = p.accept("DESC"); !o.Desc {
			p.accept("ASC")
		}
		s.Order = append(s.Order, o)
		if !p.accept(",") {
			return
		}
	}
}

func (p *parser) limit(s *Select) {
	if !p.accept("LIMIT") {
		return
	}
	n, err := strconv.Atoi(p.tokens[0].text)
	if err != nil || n < 0 {
		p.fail("a number of rows")
	}
	s.Limit = n
	p.advance()
}

func (p *parser) name() string {
	t := p.tokens[0]
	if t.kind != word && t.kind != quotedName {
		p.fail("a name")
	}
	p.advance()
	return t.text
}

// accept takes the token if it is the given keyword or symbol.
func (p *parser) accept(s string) bool {
	t := p.tokens[0]
	if (t.kind != word && t.kind != symbol) || !strings.EqualFold(t.text, s) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.fail(s)
	}
}

func (p *parser) advance() {
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
}

// fail keeps the first error and skips the rest of the statement.
func (p *parser) fail(want string) {
	if p.err == nil {
		p.err = fmt.Errorf("syntax error: expected %s but got %q at offset %d", want, p.tokens[0].text, p.tokens[0].at)
	}
	p.tokens = p.tokens[len(p.tokens)-1:]
}
