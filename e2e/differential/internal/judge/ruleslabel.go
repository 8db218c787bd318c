package judge

import (
	"regexp"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// loseCharacters does what the server's own text of a definition does to characters beyond the
// Basic Multilingual Plane.
func loseCharacters(v any) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return '?'
		}
		return r
	}, s)
}

var someDigits = regexp.MustCompile(`^[0-9A-F]+$`)

// explainsEnum4Byte: labels have question marks there for characters that the server cannot print,
// and a default of such a label is digits.
func explainsEnum4Byte(d Difference) bool {
	if d.Phase != Snapshot || !isField(d) || !has(d, semanticEnum, semanticSet) {
		return false
	}
	printed := mapField(d.Leat, func(t any) any { return mapAllowed(t, loseCharacters) }, same)
	if equal(printed, d.Leat) || !equal(withoutDefault(printed), withoutDefault(d.Debezium)) {
		return false
	}
	theirs, _ := defaultOf(d.Debezium).(string)
	ours := defaultOf(d.Leat)
	return equal(defaultOf(d.Debezium), ours) || !equal(loseCharacters(ours), ours) && someDigits.MatchString(theirs)
}

// mapAllowed changes the labels of a type.
func mapAllowed(t any, change func(any) any) any {
	o, ok := t.(tree.Object)
	if !ok {
		return t
	}
	out := make(tree.Object, len(o))
	for i, m := range o {
		switch m.Name {
		case propertyParameter:
			m.Value = mapAllowed(m.Value, change)
		case propertyAllowed:
			m.Value = change(m.Value)
		}
		out[i] = m
	}
	return out
}
