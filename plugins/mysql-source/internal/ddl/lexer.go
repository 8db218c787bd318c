package ddl

import "strings"

// lexer cuts a statement into tokens, as the server does: byte by byte, but for
// characters of several bytes of the client's character set. It looks at each
// byte a bounded number of times and never reads past what the parser asks for.
type lexer struct {
	sql        string
	mode       Mode
	pos        int
	executable bool // inside /*! … */, whose text counts as written plainly
	dotNext    bool // the dot at pos separates names, it does not begin a number
	nameNext   bool // a name follows, whatever it starts with: db.1st
}

func newLexer(sql string, mode Mode) *lexer { return &lexer{sql: sql, mode: mode} }

func (l *lexer) next() (token, error) {
	if err := l.skipBlank(); err != nil {
		return token{}, err
	}
	if l.pos >= len(l.sql) {
		return token{kind: tokenEOF, start: l.pos, end: l.pos}, nil
	}
	dot, name := l.dotNext, l.nameNext
	l.dotNext, l.nameNext = false, dot
	c := l.sql[l.pos]
	switch {
	case dot:
		return l.punct(), nil
	case name && l.inName(c):
		return l.word(), nil
	case c == '`', c == '"' && l.mode.ANSIQuotes:
		return l.quotedName(c)
	case c == '\'', c == '"':
		return l.str(l.pos)
	case isDigit(c), c == '.' && isDigit(l.at(1)):
		return l.number(), nil
	case l.inName(c):
		return l.prefixedOrWord()
	}
	return l.punct(), nil
}

func (l *lexer) punct() token {
	l.pos++
	return token{kind: tokenPunct, text: l.sql[l.pos-1 : l.pos], start: l.pos - 1, end: l.pos}
}

// at gives the byte n after the current one, or 0 at the end.
func (l *lexer) at(n int) byte {
	if l.pos+n < len(l.sql) {
		return l.sql[l.pos+n]
	}
	return 0
}

// word reads an unquoted name or keyword.
func (l *lexer) word() token {
	start := l.pos
	for l.pos < len(l.sql) && l.inName(l.sql[l.pos]) {
		l.pos += l.mode.Client.Length(l.sql[l.pos:])
	}
	return l.name(tokenWord, l.sql[start:l.pos], start)
}

// name notes whether a dot and another name follow without a space.
func (l *lexer) name(kind tokenKind, text string, start int) token {
	l.dotNext = l.at(0) == '.' && l.inName(l.at(1))
	return token{kind: kind, text: text, start: start, end: l.pos}
}

func (l *lexer) quotedName(quote byte) (token, error) {
	start := l.pos
	text, err := l.quotedText(quote, false)
	if err != nil {
		return token{}, err
	}
	if l.cuts(l.sql[start+1:l.pos-1], quote) {
		return token{}, syntaxError(start, "name with a character that has the byte of a quote, which the server cuts short")
	}
	return l.name(tokenQuoted, text, start), nil
}

// prefixedOrWord tells x'..', b'..' and n'..' from words.
func (l *lexer) prefixedOrWord() (token, error) {
	if l.at(1) != '\'' {
		return l.word(), nil
	}
	start := l.pos
	switch l.sql[l.pos] {
	case 'n', 'N':
		l.pos++
		t, err := l.str(start)
		t.kind = tokenNational
		return t, err
	case 'x', 'X':
		return l.digits(tokenHex, isHexDigit)
	case 'b', 'B':
		return l.digits(tokenBits, isBit)
	}
	return l.word(), nil
}

func (l *lexer) str(start int) (token, error) {
	text, err := l.quotedText(l.sql[l.pos], !l.mode.NoBackslashEscapes)
	return token{kind: tokenString, text: text, start: start, end: l.pos}, err
}

// digits reads the quoted digits behind x or b.
func (l *lexer) digits(kind tokenKind, ok func(byte) bool) (token, error) {
	start := l.pos
	l.pos += 2
	for ok(l.at(0)) {
		l.pos++
	}
	if l.at(0) != '\'' {
		return token{}, syntaxError(start, "literal with a wrong digit or without an end")
	}
	l.pos++
	return token{kind: kind, text: strings.ToLower(l.sql[start+2 : l.pos-1]), start: start, end: l.pos}, nil
}

// number reads a number, 0x or 0b literal, or a name that starts with digits.
func (l *lexer) number() token {
	start := l.pos
	if kind, n := l.prefixedDigits(); n > 0 {
		l.pos += n
		return token{kind: kind, text: strings.ToLower(l.sql[start+2 : l.pos]), start: start, end: l.pos}
	}
	l.skipWhile(isDigit)
	if l.inName(l.at(0)) && !l.atExponent() {
		l.pos = start
		return l.word()
	}
	if l.at(0) == '.' {
		l.pos++
		l.skipWhile(isDigit)
	}
	if l.atExponent() {
		l.pos += 2
		l.skipWhile(isDigit)
	}
	return token{kind: tokenNumber, text: l.sql[start:l.pos], start: start, end: l.pos}
}

// prefixedDigits measures a 0x or 0b literal at the current position; one that
// runs on into a name is a name.
func (l *lexer) prefixedDigits() (tokenKind, int) {
	kind, ok := tokenHex, isHexDigit
	switch l.sql[l.pos:min(l.pos+2, len(l.sql))] {
	case "0x":
	case "0b":
		kind, ok = tokenBits, isBit
	default:
		return 0, 0
	}
	n := 2
	for ok(l.at(n)) {
		n++
	}
	if n == 2 || l.inName(l.at(n)) {
		return 0, 0
	}
	return kind, n
}

// atExponent reports whether e5, e+5 or e-5 follows.
func (l *lexer) atExponent() bool {
	if c := l.at(0); c != 'e' && c != 'E' {
		return false
	}
	return isDigit(l.at(1)) || (l.at(1) == '+' || l.at(1) == '-') && isDigit(l.at(2))
}

func (l *lexer) skipWhile(ok func(byte) bool) {
	for l.pos < len(l.sql) && ok(l.sql[l.pos]) {
		l.pos++
	}
}

func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isBit(c byte) bool      { return c == '0' || c == '1' }
func isHexDigit(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// inName says whether a byte can stand in a name without quotes. The server's
// own lists are not known here: where one would end a name, an error follows.
func (l *lexer) inName(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == '$' || c >= 0x80 && !l.mode.Client.Space(c)
}
