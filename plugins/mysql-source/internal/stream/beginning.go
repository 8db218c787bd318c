package stream

import (
	"strings"
	"unicode"
)

// maxBeginning bounds what is shown of a statement.
const maxBeginning = 100

// beginning returns what a statement does, to which tables, for logs and messages:
// the words before the first literal, number, comment or bracket. What comes after
// them may hold somebody's data.
func beginning(text string) string {
	text = strings.TrimSpace(text)
	end := len(text)
	if i := strings.IndexAny(text, "'\"(#="); i >= 0 {
		end = i
	}
	for _, mark := range []string{"--", "/*"} {
		if i := strings.Index(text[:end], mark); i >= 0 {
			end = i
		}
	}
	words := strings.Fields(text[:end])
	for i, w := range words {
		if unicode.IsDigit(rune(w[0])) {
			words, end = words[:i], 0
			break
		}
	}
	shown := []rune(strings.ToValidUTF8(strings.Join(words, " "), ""))
	switch {
	case len(shown) > maxBeginning:
		return string(shown[:maxBeginning]) + "…"
	case end < len(text):
		return strings.TrimSpace(string(shown) + " …")
	}
	return string(shown)
}

// debugText logs a statement as a whole, where somebody looks for it.
func (s *Stream) debugText(text string) {
	s.Logger.Debug("text of the statement", "text", text, "at", s.machine.Place().String())
}
