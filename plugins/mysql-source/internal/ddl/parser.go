package ddl

import (
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// parser reads tokens with a small look-ahead. The first error sticks: from
// then on every token is the end, so that no loop needs to check.
type parser struct {
	lex   *lexer
	ahead []token
	err   error
}

func newParser(sql string, mode Mode) *parser { return &parser{lex: newLexer(sql, mode)} }

// peek gives the token n places ahead without taking it.
func (p *parser) peek(n int) token {
	for len(p.ahead) <= n {
		t := token{kind: tokenEOF, start: len(p.lex.sql), end: len(p.lex.sql)}
		if p.err == nil {
			next, err := p.lex.next()
			if err != nil {
				p.err = err
			} else {
				t = next
			}
		}
		p.ahead = append(p.ahead, t)
	}
	if p.err != nil {
		return token{kind: tokenEOF, start: len(p.lex.sql), end: len(p.lex.sql)}
	}
	return p.ahead[n]
}

func (p *parser) take() token {
	t := p.peek(0)
	if t.kind != tokenEOF {
		p.ahead = append(p.ahead[:0], p.ahead[1:]...)
	}
	return t
}

// fail records the first error, at the next token.
func (p *parser) fail(format string, args ...any) {
	if t := p.peek(0); p.err == nil {
		p.err = syntaxError(t.start, format, args...)
	}
}

// has takes the keywords if all of them come next, in this order.
func (p *parser) has(keywords ...string) bool {
	for i, k := range keywords {
		if !p.peek(i).is(k) {
			return false
		}
	}
	for range keywords {
		p.take()
	}
	return true
}

// hasAny takes the next token if it is one of the keywords.
func (p *parser) hasAny(keywords ...string) bool {
	if p.peek(0).isAny(keywords...) {
		p.take()
		return true
	}
	return false
}

func (p *parser) hasPunct(c byte) bool {
	if p.peek(0).punct(c) {
		p.take()
		return true
	}
	return false
}

func (p *parser) wantPunct(c byte) {
	if !p.hasPunct(c) {
		p.fail("expected %q", string(c))
	}
}

// atEnd reports whether the statement ends here.
func (p *parser) atEnd() bool {
	t := p.peek(0)
	return t.kind == tokenEOF || t.punct(';')
}

// ident reads one name. Strings stand for names of character sets and, in some
// places, aliases; here they do not.
func (p *parser) ident(what string) string {
	t := p.peek(0)
	if !t.isName() {
		p.fail("expected %s", what)
		return ""
	}
	return p.name(p.take())
}

// tableName reads [db.]table and fills in the session's database.
func (p *parser) tableName() table.Name {
	if p.hasPunct('.') { // ".t" is an old form of "t"
		return table.Name{Database: p.lex.mode.Database, Table: p.ident("a table name")}
	}
	first := p.ident("a table name")
	if p.hasPunct('.') {
		return table.Name{Database: first, Table: p.ident("a table name")}
	}
	return table.Name{Database: p.lex.mode.Database, Table: first}
}

// columnName reads a column name, which may be qualified by its table.
func (p *parser) columnName() string {
	name := p.ident("a column name")
	for p.hasPunct('.') {
		name = p.ident("a column name")
	}
	return name
}

func (p *parser) ifExists() bool    { return p.has("IF", "EXISTS") }
func (p *parser) ifNotExists() bool { return p.has("IF", "NOT", "EXISTS") }

// group skips a bracketed group, the opening bracket being next, and gives its
// text without the brackets.
func (p *parser) group() string {
	start := p.peek(0)
	p.wantPunct('(')
	for depth := 1; p.err == nil; {
		t := p.take()
		switch {
		case t.kind == tokenEOF:
			if p.err == nil {
				p.err = syntaxError(start.start, "bracket without an end")
			}
		case t.punct('('):
			depth++
		case t.punct(')'):
			if depth--; depth == 0 {
				return strings.TrimSpace(p.lex.sql[start.end:t.start])
			}
		}
	}
	return ""
}

// skipItem skips to the next comma or closing bracket of this level, or to the end.
func (p *parser) skipItem() {
	for !p.atEnd() && !p.peek(0).punct(',') && !p.peek(0).punct(')') {
		p.skipOne()
	}
}

// skipOne skips one token or one bracketed group.
func (p *parser) skipOne() {
	if p.peek(0).punct('(') {
		p.group()
		return
	}
	p.take()
}
