package ddl

import "strings"

// skipBlank passes over white space and comments. The markers of an executable
// comment are blank and its text is not: the server blanks out the mark of one
// that it did not execute before it writes the statement to the log.
func (l *lexer) skipBlank() error {
	for l.pos < len(l.sql) {
		rest := l.sql[l.pos:]
		switch {
		case isSpace(rest[0]), l.mode.Client.Space(rest[0]):
			l.pos++
		case rest[0] == '#', strings.HasPrefix(rest, "--") && (len(rest) == 2 || rest[2] <= ' '):
			l.skipLine()
		case l.executable && strings.HasPrefix(rest, "*/"):
			l.executable = false
			l.pos += 2
		case strings.HasPrefix(rest, "/*"):
			if err := l.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	if l.executable {
		return syntaxError(len(l.sql), "executable comment without an end")
	}
	return nil
}

func (l *lexer) skipLine() {
	if n := strings.IndexByte(l.sql[l.pos:], '\n'); n >= 0 {
		l.pos += n + 1
		return
	}
	l.pos = len(l.sql)
}

// comment passes over /* … */, or only over the opening of an executable one.
func (l *lexer) comment() error {
	rest := l.sql[l.pos:]
	if n := l.executableMark(rest); n > 0 && !l.executable {
		l.executable = true
		l.pos += n
		return nil
	}
	n := strings.Index(rest[2:], "*/")
	if n < 0 {
		return syntaxError(l.pos, "comment without an end")
	}
	l.pos += n + 4
	return nil
}

// executableMark measures /*!80000 or, on MariaDB, /*M!100100; 0 for a plain comment.
func (l *lexer) executableMark(s string) int {
	n := 3
	if l.mode.MariaDB && strings.HasPrefix(s, "/*M!") {
		n = 4
	} else if !strings.HasPrefix(s, "/*!") {
		return 0
	}
	digits := 0
	for digits < 6 && n+digits < len(s) && isDigit(s[n+digits]) {
		digits++
	}
	if digits < 5 {
		digits = 0
	}
	return n + digits
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
