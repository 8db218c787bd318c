package naming

import (
	"strings"
	"unicode/utf16"
)

const maxTopic = 249

// Topic returns the topic of a table: prefix, database and table with dots
// between them, made legal for Kafka.
func Topic(prefix, database, table string) string {
	parts := make([]string, 0, 3)
	for _, p := range []string{prefix, database, table} {
		if strings.TrimSpace(p) != "" {
			parts = append(parts, p)
		}
	}
	return sanitize(strings.Join(parts, "."))
}

func sanitize(name string) string {
	var b strings.Builder
	for _, c := range utf16.Encode([]rune(name)) {
		if isLetter(c) || isDigit(c) || c == '.' || c == '_' || c == '-' {
			b.WriteByte(byte(c))
		} else {
			b.WriteByte('_')
		}
	}
	s := b.String()
	switch {
	case len(s) > maxTopic:
		return s[:maxTopic]
	case s == "." || s == "..":
		return strings.Repeat("_", len(s))
	default:
		return s
	}
}

// IsTopicPrefix says whether s may stand before the names of tables.
func IsTopicPrefix(s string) bool { return s != "" && sanitize(s) == s }
