package ddl

import "fmt"

// SyntaxError says where a statement could not be read, and what was expected
// there. It repeats nothing of the statement, which may hold somebody's data.
type SyntaxError struct {
	Pos     int // byte offset in the statement
	Problem string
}

// Error names place and problem.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("read statement at byte %d: %s", e.Pos, e.Problem)
}

func syntaxError(pos int, format string, args ...any) error {
	return &SyntaxError{Pos: pos, Problem: fmt.Sprintf(format, args...)}
}
