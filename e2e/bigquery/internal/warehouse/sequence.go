package warehouse

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Sequence is a parsed _CHANGE_SEQUENCE_NUMBER: up to four numbers, the first the most significant.
type Sequence struct {
	sections [4]uint64
	set      bool
}

// ParseSequence reads one to four sections of one to sixteen hexadecimal digits, divided by slashes.
func ParseSequence(s string) (Sequence, error) {
	parts := strings.Split(s, "/")
	if len(parts) > 4 {
		return Sequence{}, fmt.Errorf("invalid _CHANGE_SEQUENCE_NUMBER %q: at most 4 sections are allowed", s)
	}
	q := Sequence{set: true}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 16, 64)
		if err != nil || len(p) > 16 || p[0] == '+' {
			return Sequence{}, fmt.Errorf("invalid _CHANGE_SEQUENCE_NUMBER %q: section %q is not 1 to 16 hexadecimal digits", s, p)
		}
		q.sections[i] = n
	}
	return q, nil
}

// Compare orders sequences section by section as numbers; a section that is absent counts as zero. A change without a
// sequence is ordered by its arrival alone, so it equals any.
func (q Sequence) Compare(o Sequence) int {
	if !q.set || !o.set {
		return 0
	}
	for i := range q.sections {
		if c := cmp.Compare(q.sections[i], o.sections[i]); c != 0 {
			return c
		}
	}
	return 0
}
