package ddl

import (
	"encoding/hex"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// columnDefault reads what follows DEFAULT in a column's definition.
func (p *parser) columnDefault(c *ColumnDef) {
	d, null := p.defaultValue()
	c.Default, c.NullDefault = d, null
}

// defaultValue reads a default; null reports DEFAULT NULL, which leaves none.
// What only the server can evaluate is kept as its text.
func (p *parser) defaultValue() (d *table.Default, null bool) {
	start := p.peek(0)
	if start.punct('(') {
		return &table.Default{Kind: table.DefaultExpr, Text: p.group()}, false
	}
	if p.has("NULL") && !p.atOperator() {
		return nil, true
	}
	if p.lex.mode.EmptyIsNull && start.kind == tokenString && start.text == "" && p.peek(1).kind != tokenString {
		p.take()
		return nil, true
	}
	d, ok := p.literal()
	if !ok || p.atOperator() {
		return p.bareExpression(start), false
	}
	return d, false
}

// setDefault reads what follows ALTER COLUMN … SET DEFAULT. There, and only
// there, the server takes a literal in brackets for the literal.
func (p *parser) setDefault() *table.Default {
	if !p.peek(0).punct('(') {
		d, _ := p.defaultValue()
		return d
	}
	text := p.group()
	if d, ok := bracketedLiteral(text, p.lex.mode); ok {
		return d
	}
	return &table.Default{Kind: table.DefaultExpr, Text: text}
}

// bracketedLiteral reads a literal without a minus, in any number of brackets.
func bracketedLiteral(text string, mode Mode) (*table.Default, bool) {
	q := newParser(strings.Trim(text, "() \t\r\n"), mode)
	if q.peek(0).punct('-') || q.peek(0).kind == tokenWord && !q.peek(0).isAny("TRUE", "FALSE", "NULL") && q.peek(0).text[0] != '_' {
		return nil, false
	}
	d, null := q.defaultValue()
	return d, q.err == nil && q.atEnd() && (null || d.Kind != table.DefaultExpr)
}

// literal reads one literal or CURRENT_TIMESTAMP; false for anything else.
func (p *parser) literal() (*table.Default, bool) {
	t := p.peek(0)
	switch {
	case t.punct('+'), t.punct('-'):
		return p.signed()
	case t.kind == tokenNumber:
		return &table.Default{Kind: table.DefaultNumber, Text: p.take().text}, true
	case t.kind == tokenString, t.kind == tokenNational:
		return p.str("a string").asDefault(""), true
	case t.kind == tokenHex, t.kind == tokenBits:
		return digitsDefault(p.take()), true
	case t.isAny("TRUE", "FALSE"):
		return &table.Default{Kind: table.DefaultBool, Text: strings.ToUpper(p.take().text)}, true
	case t.isAny("DATE", "TIME", "TIMESTAMP") && p.peek(1).kind == tokenString:
		p.take()
		return p.str("a string").asDefault(""), true
	case t.kind == tokenWord && strings.HasPrefix(t.text, "_"):
		return p.introduced()
	case t.isAny("CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"):
		p.take()
		if p.peek(0).punct('(') {
			p.group()
		}
		return &table.Default{Kind: table.DefaultNow}, true
	}
	return nil, false
}

// signed reads a number with its sign, and other literals behind a sign.
func (p *parser) signed() (*table.Default, bool) {
	sign := p.take().text
	if p.peek(0).kind != tokenNumber {
		return nil, false
	}
	if sign == "+" {
		sign = ""
	}
	return &table.Default{Kind: table.DefaultNumber, Text: sign + p.take().text}, true
}

// introduced reads a literal behind a character set introducer.
func (p *parser) introduced() (*table.Default, bool) {
	charset := table.CharsetName(p.peek(0).text[1:])
	if _, ok := table.LookupCharset(charset); !ok {
		return nil, false
	}
	switch p.peek(1).kind {
	case tokenString:
		p.take()
		return p.introducedText(charset).asDefault(charset), true
	case tokenHex, tokenBits:
		p.take()
		d := digitsDefault(p.take())
		d.Charset = charset
		return d, true
	}
	return nil, false
}

// bareExpression takes tokens up to the next attribute: MariaDB allows
// DEFAULT uuid() and DEFAULT 1 + 1 without brackets.
func (p *parser) bareExpression(start token) *table.Default {
	end := start.start
	for first := true; first || !p.atAttribute(); first = false {
		if p.atColumnEnd() {
			break
		}
		if p.peek(0).punct('(') {
			p.group()
			end = p.peek(0).start
			continue
		}
		end = p.take().end
	}
	if end == start.start {
		p.fail("expected a default value")
	}
	return &table.Default{Kind: table.DefaultExpr, Text: strings.TrimSpace(p.lex.sql[start.start:end])}
}

// atAttribute reports whether a column attribute is next. It is only asked
// inside of MariaDB's bare expressions.
func (p *parser) atAttribute() bool {
	t := p.peek(0)
	return t.isAny("NOT", "NULL", "AUTO_INCREMENT", "UNIQUE", "PRIMARY", "KEY", "COMMENT", "COLLATE",
		"INVISIBLE", "ON", "REFERENCES", "CONSTRAINT", "CHECK", "DEFAULT", "COMPRESSED", "WITHOUT", "WITH", "GENERATED")
}

func (p *parser) atOperator() bool {
	t := p.peek(0)
	return t.kind == tokenPunct && strings.ContainsAny(t.text, "+-*/%|&^<>=")
}

func digitsDefault(t token) *table.Default {
	if t.kind == tokenBits {
		return &table.Default{Kind: table.DefaultBits, Text: t.text}
	}
	return &table.Default{Kind: table.DefaultHex, Text: evenDigits(t.text)}
}

func evenDigits(s string) string {
	if len(s)%2 == 1 {
		return "0" + s
	}
	return s
}

// literalBytes gives the bytes that a hexadecimal or bit literal stands for.
func literalBytes(t token) []byte {
	if t.kind == tokenHex {
		b, _ := hex.DecodeString(evenDigits(t.text))
		return b
	}
	out := make([]byte, (len(t.text)+7)/8)
	for i := range t.text {
		if bit := len(t.text) - 1 - i; t.text[i] == '1' {
			out[len(out)-1-bit/8] |= 1 << (bit % 8)
		}
	}
	return out
}
