package debezium

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// printer writes a schema's JSON with Avro's rules for names: a namespace stands
// only where it differs from the one around it, and a record that was defined
// before is named, not repeated.
type printer struct {
	buf     []byte
	space   string
	defined map[string]bool
}

func newPrinter() *printer { return &printer{defined: map[string]bool{}} }

// record prints a record: the calls of fields, then the properties of tail.
func (p *printer) record(name, space string, fields, tail func()) {
	if p.defined[space+"."+name] {
		p.reference(name, space)
		return
	}
	p.defined[space+"."+name] = true
	p.open('{')
	p.property("type", "record")
	p.property("name", name)
	outer := p.space
	if space != outer {
		p.property("namespace", space)
	}
	p.space = space
	p.key("fields")
	p.open('[')
	fields()
	p.close(']')
	tail()
	p.close('}')
	p.space = outer
}

func (p *printer) reference(name, space string) {
	if space != p.space {
		name = space + "." + name
	}
	p.string(name)
}

// plain prints fields of one type that always have a value.
func (p *printer) plain(typ func(), names ...string) {
	for _, name := range names {
		p.field(name, typ, nil)
	}
}

// nullable prints fields of one type that may be null, and are by default.
func (p *printer) nullable(typ func(), names ...string) {
	for _, name := range names {
		p.field(name, func() {
			p.open('[')
			p.string("null")
			typ()
			p.close(']')
		}, []byte("null"))
	}
}

func (p *printer) field(name string, typ func(), defaultJSON []byte) {
	p.open('{')
	p.property("name", name)
	p.key("type")
	typ()
	if defaultJSON != nil {
		p.json("default", defaultJSON)
	}
	p.close('}')
}

// named returns what prints a type that needs no more than its name.
func (p *printer) named(typ string) func() { return func() { p.string(typ) } }

func (p *printer) property(key, value string) { p.key(key); p.string(value) }
func (p *printer) number(key string, n int)   { p.json(key, strconv.AppendInt(nil, int64(n), 10)) }
func (p *printer) json(key string, v []byte)  { p.key(key); p.buf = append(p.buf, v...) }
func (p *printer) key(k string)               { p.string(k); p.buf = append(p.buf, ':') }
func (p *printer) open(c byte)                { p.comma(); p.buf = append(p.buf, c) }
func (p *printer) close(c byte)               { p.buf = append(p.buf, c) }
func (p *printer) string(s string)            { p.comma(); p.buf = appendString(p.buf, s) }

func (p *printer) comma() {
	if n := len(p.buf); n > 0 && p.buf[n-1] != '{' && p.buf[n-1] != '[' && p.buf[n-1] != ':' {
		p.buf = append(p.buf, ',')
	}
}

// appendString quotes as Jackson does: only what JSON demands is escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = appendControl(b, r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

func appendControl(b []byte, r rune) []byte {
	switch r {
	case '\b':
		return append(b, `\b`...)
	case '\t':
		return append(b, `\t`...)
	case '\n':
		return append(b, `\n`...)
	case '\f':
		return append(b, `\f`...)
	case '\r':
		return append(b, `\r`...)
	default:
		return fmt.Appendf(b, `\u%04X`, r)
	}
}
