package query

import (
	"fmt"
	"strings"
	"unicode"
)

type kind int

const (
	end kind = iota
	word
	quotedName // in backquotes
	text       // a string literal
	number
	symbol
)

type token struct {
	kind kind
	text string
	at   int
}

// lex splits a statement; it knows no comments.
func lex(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		if unicode.IsSpace(rune(s[i])) {
			i++
			continue
		}
		t, n, err := next(s[i:])
		if err != nil {
			return nil, fmt.Errorf("syntax error at offset %d: %w", i, err)
		}
		t.at = i
		out = append(out, t)
		i += n
	}
	return append(out, token{kind: end, at: len(s)}), nil
}

// next reads the token at the start of s and its length.
func next(s string) (token, int, error) {
	switch c := s[0]; {
	case c == '`':
		return quoted(s, quotedName)
	case c == '\'' || c == '"':
		return quoted(s, text)
	case digit(c) || c == '-' && len(s) > 1 && digit(s[1]):
		n := 1 + span(s[1:], func(c byte) bool { return digit(c) || c == '.' })
		return token{kind: number, text: s[:n]}, n, nil
	case letter(c):
		n := span(s, func(c byte) bool { return letter(c) || digit(c) || c == '-' })
		return token{kind: word, text: s[:n]}, n, nil
	}
	for _, op := range []string{"!=", "<>", "<=", ">="} {
		if strings.HasPrefix(s, op) {
			return token{kind: symbol, text: op}, len(op), nil
		}
	}
	if strings.IndexByte("*(),.=<>;", s[0]) >= 0 {
		return token{kind: symbol, text: s[:1]}, 1, nil
	}
	return token{}, 0, fmt.Errorf("unexpected character %q", s[0])
}

// quoted reads up to the closing quote; a backslash takes the next character as it is.
func quoted(s string, k kind) (token, int, error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return token{kind: k, text: b.String()}, i + 1, nil
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return token{}, 0, fmt.Errorf("unclosed %c", s[0])
}

func span(s string, in func(byte) bool) int {
	for i := range len(s) {
		if !in(s[i]) {
			return i
		}
	}
	return len(s)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
