package ddl

import (
	"fmt"
	"strings"
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

// snippet leaves out bytes that are no text, also of a character cut in two.
func snippet(sql string, pos int) string {
	s := sql[min(max(pos, 0), len(sql)):]
	if len(s) > snippetBytes {
		return strings.ToValidUTF8(s[:snippetBytes], "") + "…"
	}
	return strings.ToValidUTF8(s, "")
}
