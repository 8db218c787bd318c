package status

import (
	"strings"
	"unicode"
)

// oneLine makes one of what a plugin or a server says, which may be several: a
// line a pipeline is what the answers promise, and nobody else may write one.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || unicode.IsControl(r) }), " ")
}
