package ddl

import "strings"

// quotedText reads from an opening quote to its closing one and undoes doubled
// quotes and, where the mode has them, backslash escapes. A backslash that is
// the second byte of a character is none.
func (l *lexer) quotedText(quote byte, escapes bool) (string, error) {
	start := l.pos
	l.pos++
	from := l.pos
	var b strings.Builder
	for l.pos < len(l.sql) {
		c := l.sql[l.pos]
		switch {
		case c == quote && l.at(1) == quote:
			b.WriteString(l.sql[from : l.pos+1])
			l.pos += 2
			from = l.pos
		case c == quote:
			b.WriteString(l.sql[from:l.pos])
			l.pos++
			return b.String(), nil
		case c == '\\' && escapes && l.pos+1 < len(l.sql):
			b.WriteString(l.sql[from:l.pos])
			b.WriteString(unescape(l.sql[l.pos+1]))
			l.pos += 2
			from = l.pos
		default:
			l.pos += l.mode.Client.Length(l.sql[l.pos:])
		}
	}
	return "", syntaxError(start, "quote %q without an end", string(quote))
}

// cuts says whether the server makes another name of a quoted one: MariaDB
// drops a byte for each character that has the quote's byte in it, MySQL
// confuses such a one with quotes that are doubled.
func (l *lexer) cuts(raw string, quote byte) bool {
	quotes, within := 0, false
	for i := 0; i < len(raw); {
		n := l.mode.Client.Length(raw[i:])
		if n == 1 && raw[i] == quote {
			quotes++
		}
		within = within || n > 1 && strings.IndexByte(raw[i:i+n], quote) > 0
		i += n
	}
	return within && (l.mode.MariaDB || quotes > 0)
}

// unescape gives what a backslash and c stand for; \% and \_ keep their
// backslash outside of patterns too.
func unescape(c byte) string {
	switch c {
	case '0':
		return "\x00"
	case 'b':
		return "\b"
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case 'Z':
		return "\x1a"
	case '%', '_':
		return "\\" + string(rune(c))
	}
	return string([]byte{c})
}
