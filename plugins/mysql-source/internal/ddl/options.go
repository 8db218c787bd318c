package ddl

// option reads one option that decides definitions; false takes nothing.
func (p *parser) option(o *Options) bool {
	n := 0
	if p.peek(0).is("DEFAULT") {
		n = 1
	}
	switch t := p.peek(n); {
	case t.is("CHARSET"), t.is("CHARACTER") && p.peek(n+1).is("SET"), t.is("CHAR") && p.peek(n+1).is("SET"):
		p.hasAny("DEFAULT")
		o.Charset = p.charset()
	case t.is("COLLATE"):
		p.hasAny("DEFAULT")
		o.Collation = p.collation()
	case n == 0 && t.is("COMMENT"):
		p.take()
		p.hasPunct('=')
		text := p.comment()
		o.Comment = &text
	default:
		return false
	}
	return true
}

// charset reads CHARSET or CHARACTER SET and the name.
func (p *parser) charset() string {
	if !p.hasAny("CHARSET") {
		p.take()
		p.take()
	}
	return p.optionName("a character set")
}

func (p *parser) collation() string {
	p.take()
	return p.optionName("a collation")
}

// optionName reads a name that may be given as a string.
func (p *parser) optionName(what string) string {
	p.hasPunct('=')
	if p.peek(0).kind == tokenString {
		return p.take().text
	}
	return p.ident(what)
}
