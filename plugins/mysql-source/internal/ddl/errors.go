package ddl

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// snippetBytes bounds how much of a statement an error repeats.
const snippetBytes = 60

// SyntaxError says where a statement could not be read, and what stood there.
type SyntaxError struct {
	Pos     int    // byte offset in the statement
	Snippet string // the statement from there on, cut short
	Problem string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("read statement at byte %d, near %q: %s", e.Pos, e.Snippet, e.Problem)
}

func syntaxError(sql string, pos int, format string, args ...any) error {
	return &SyntaxError{Pos: pos, Snippet: snippet(sql, pos), Problem: fmt.Sprintf(format, args...)}
}

func snippet(sql string, pos int) string {
	s := sql[min(max(pos, 0), len(sql)):]
	if len(s) > snippetBytes {
		s = s[:snippetBytes]
		for len(s) > 0 && !utf8.ValidString(s[max(0, len(s)-utf8.UTFMax):]) && len(s) > snippetBytes-utf8.UTFMax {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return strings.ToValidUTF8(s, "�")
}
