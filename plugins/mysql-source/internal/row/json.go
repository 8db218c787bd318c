package row

import (
	"github.com/go-mysql-org/go-mysql/mysql"
)

// JSON is written as Debezium's stream has it: without spaces, in the server's
// order of keys, a double in decimals without an exponent. Two things follow
// from a SELECT that has no more than the server's text: dates, times and
// binary values inside a document stay as the server prints them (all six
// digits of a fraction, "base64:type15:…"), where Debezium's stream shortens
// them; and a decimal that reads like a double is written like that double.

// jsonRaw writes the text of a binary document. No bytes are what an old row
// has for a column that was added as NOT NULL; the server reads them as null.
func jsonRaw(_ *column, raw, dst []byte) ([]byte, error) {
	dst = begin(dst)
	start := len(dst)
	if len(raw) == 0 {
		return end(append(dst, "null"...), start), nil
	}
	w := jsonWriter{dst: dst, budget: len(raw)}
	if err := w.value(raw[0], raw[1:], 0); err != nil {
		return dst, err
	}
	return end(w.dst, start), nil
}

// jsonText rewrites the text that the server prints of a document.
func jsonText(_ *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	s, ok := textOf(v)
	if !ok {
		return dst, errText
	}
	dst = begin(dst)
	start := len(dst)
	for len(s) > 0 {
		n := 1
		switch c := s[0]; {
		case c == '"':
			if dst, n = appendQuoted(dst, s); n == 0 {
				return dst, errText
			}
		case c == '-' || c >= '0' && c <= '9':
			n = numberLength(s)
			dst = appendNumber(dst, s[:n])
		case c != ' ':
			dst = append(dst, c)
		}
		s = s[n:]
	}
	return end(dst, start), nil
}

// appendQuoted copies the quoted string at the start of s, with the digits of
// \u escapes in upper case, and returns its length, 0 if it does not end.
func appendQuoted(dst, s []byte) ([]byte, int) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return append(dst, s[:i+1]...), i + 1
		case '\\':
			i++
			if i < len(s) && s[i] == 'u' {
				upperHex(s[i+1 : min(i+5, len(s))])
			}
		}
	}
	return dst, 0
}

// upperHex changes the row that was read, which is not used again.
func upperHex(b []byte) {
	for i, c := range b {
		if c >= 'a' && c <= 'f' {
			b[i] = c - 'a' + 'A'
		}
	}
}

func numberLength(s []byte) int {
	for i, c := range s {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return i
		}
	}
	return len(s)
}
