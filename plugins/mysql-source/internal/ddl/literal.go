package ddl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/charset"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// binaryCharset is that of bytes which are in the character set of their column.
const binaryCharset = "binary"

// literal is a string as the server holds it before it knows the column.
type literal struct{ bytes, charset string }

// name reads a name, which the server keeps in utf8mb3.
func (p *parser) name(t token) string {
	text, ok := p.lex.mode.system(t.text)
	if !ok && p.err == nil {
		p.err = syntaxError(t.start, "name %q that is not in the character set %s", text, orUTF8(p.lex.mode.Client).Name)
	}
	return text
}

// comment reads one, which the server keeps in utf8mb3; a question mark stands
// for what is no character.
func (p *parser) comment() string {
	if p.peek(0).kind != tokenString {
		p.fail("expected a comment")
		return ""
	}
	text, _ := p.lex.mode.system(p.take().text)
	return text
}

// system converts from the client's character set to the server's own.
func (m Mode) system(raw string) (string, bool) {
	text, ok := orUTF8(m.Client).Decode(raw)
	utf8mb3, _ := charset.Lookup("utf8mb3")
	return utf8mb3.Through(text), ok
}

func orUTF8(c *charset.Charset) *charset.Charset {
	if c == nil {
		c, _ = charset.Lookup("utf8mb4")
	}
	return c
}

// str reads a string literal and the literals that follow it directly.
func (p *parser) str(what string) literal {
	t := p.peek(0)
	if t.kind != tokenString && t.kind != tokenNational {
		p.fail("expected %s", what)
		return literal{}
	}
	return p.joined(p.converted(p.take()))
}

// introducedText reads the string behind an introducer, whose bytes are in that
// character set whatever the client's is.
func (p *parser) introducedText(charset string) literal {
	return p.joined(literal{p.take().text, charset})
}

// joined adds the literals that follow directly.
func (p *parser) joined(l literal) literal {
	for p.peek(0).kind == tokenString {
		next := p.converted(p.take())
		if next.charset != l.charset {
			p.fail("strings of two character sets, one behind the other")
		}
		l.bytes += next.bytes
	}
	return l
}

// converted gives a literal in the connection's character set. The server
// leaves bytes alone where either side is binary.
func (p *parser) converted(t token) literal {
	if t.kind == tokenNational {
		return literal{t.text, "utf8mb3"}
	}
	from, to := orUTF8(p.lex.mode.Client), orUTF8(p.lex.mode.Connection)
	if from.Name == to.Name || from.Name == binaryCharset || to.Name == binaryCharset {
		return literal{t.text, to.Name}
	}
	text, ok := from.Decode(t.text)
	if !ok && p.err == nil {
		p.err = syntaxError(t.start, "string that is not in the character set %s", from.Name)
	}
	return literal{to.Encode(text), to.Name}
}

// asDefault keeps the bytes where the text alone does not tell them.
func (l literal) asDefault(introducer string) *table.Default {
	d := &table.Default{Kind: table.DefaultText, Charset: introducer}
	c, err := charset.Lookup(l.charset)
	if err != nil {
		return d
	}
	text, ok := c.Decode(l.bytes)
	d.Text = text
	if !ok || text != l.bytes || l.charset == binaryCharset {
		d.Raw, d.Charset = l.bytes, l.charset
	}
	return d
}

// LabelsInQuestion says whether a label has a question mark. In a statement that
// the server wrote, that may stand for a character which its text does not have.
func (s *CreateTable) LabelsInQuestion() bool {
	return slices.ContainsFunc(s.Columns, func(c ColumnDef) bool {
		return slices.ContainsFunc(c.labels, func(l literal) bool { return strings.Contains(l.bytes, "?") })
	})
}

// labelTexts gives labels as their column holds them; trailing spaces are never
// part of one.
func labelTexts(labels []literal, columnCharset string) ([]string, error) {
	var out []string
	for i, l := range labels {
		d := table.Default{Kind: table.DefaultText, Raw: l.bytes, Charset: l.charset}
		text, err := d.Characters(columnCharset)
		if err != nil {
			return nil, fmt.Errorf("label %d: %w", i+1, err)
		}
		out = append(out, strings.TrimRight(text, " "))
	}
	return through(out, columnCharset)
}

// through replaces what the column's character set does not have.
func through(labels []string, columnCharset string) ([]string, error) {
	if columnCharset == "" || len(labels) == 0 {
		return labels, nil
	}
	to, err := charset.Lookup(columnCharset)
	if err != nil {
		return nil, err
	}
	for i, label := range labels {
		labels[i] = to.Through(label)
	}
	return labels, nil
}

// convertLabels follows CONVERT TO, under which the server keeps the bytes of
// labels and reads them in the new character set.
func convertLabels(c *table.Column, from string) error {
	if len(c.Values) == 0 || from == c.Charset {
		return nil
	}
	was, err := charset.Lookup(from)
	if err != nil {
		return err
	}
	is, err := charset.Lookup(c.Charset)
	if err != nil {
		return err
	}
	for i, label := range c.Values {
		text, ok := is.Decode(was.Encode(label))
		if !ok {
			return fmt.Errorf("label %q of column %q has bytes that are no characters of %s", label, c.Name, c.Charset)
		}
		c.Values[i] = text
	}
	return nil
}
