package binlog

import (
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// errCharset is returned for a statement in a character set that is not read here.
var errCharset = errors.New("statement in a character set other than UTF-8, latin1 and ASCII")

// latin1 has the numbers of latin1's collations.
var latin1 = map[uint16]bool{5: true, 8: true, 15: true, 31: true, 47: true, 48: true, 49: true, 94: true}

// Collations for utf8mb4 that a session may have as its default.
var utf8mb4 = map[uint16]string{45: "utf8mb4_general_ci", 255: "utf8mb4_0900_ai_ci"}

// UTF8 returns the statement's text as UTF-8; with an error, as far as it can be shown.
func (q *Query) UTF8() (string, error) {
	if ascii(q.Text) {
		return string(q.Text), nil
	}
	if latin1[q.Charset] { // the server means cp1252 by it
		b, err := charmap.Windows1252.NewDecoder().Bytes(q.Text)
		return string(b), err
	}
	if utf8.Valid(q.Text) {
		return string(q.Text), nil
	}
	return string(q.Text), errCharset
}

// UTF8MB4Collation is the session's default collation for utf8mb4, empty if it
// is the server's own.
func (q *Query) UTF8MB4Collation() string { return utf8mb4[q.UTF8MB4] }

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
