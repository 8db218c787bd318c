package gtid

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// errNotation is returned for text that is not a GTID or a set of them.
var errNotation = errors.New("not in the notation of MySQL's GTIDs (uuid[:tag]:number[-number])")

// maxTag is the longest tag the server takes.
const maxTag = 32

// UUID identifies the server that a transaction was committed on first.
type UUID [16]byte

// ParseUUID reads the 36 characters of the usual notation.
func ParseUUID(s string) (UUID, error) {
	var u UUID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, fmt.Errorf("uuid %q: %w", s, errNotation)
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	if _, err := hex.Decode(u[:], []byte(digits)); err != nil {
		return u, fmt.Errorf("uuid %q: %w", s, errNotation)
	}
	return u, nil
}

// String returns the usual notation in lower case.
func (u UUID) String() string { return string(u.appendText(nil)) }

func (u UUID) appendText(b []byte) []byte {
	var text [36]byte
	hex.Encode(text[:], u[:4])
	hex.Encode(text[9:], u[4:6])
	hex.Encode(text[14:], u[6:8])
	hex.Encode(text[19:], u[8:10])
	hex.Encode(text[24:], u[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return append(b, text[:]...)
}

// Source numbers transactions: a server, or one of its tags.
type Source struct {
	UUID UUID
	// Tag is in lower case, empty for most transactions.
	Tag string
}

// String returns uuid or uuid:tag.
func (s Source) String() string { return string(s.appendText(nil)) }

func (s Source) appendText(b []byte) []byte {
	b = s.UUID.appendText(b)
	if s.Tag == "" {
		return b
	}
	return append(append(b, ':'), s.Tag...)
}

// GTID identifies one transaction.
type GTID struct {
	Source Source
	Number int64
}

// String returns uuid[:tag]:number.
func (g GTID) String() string {
	var buf [36 + 1 + maxTag + 1 + 20]byte
	return string(g.AppendText(buf[:0]))
}

// AppendText adds uuid[:tag]:number to b.
func (g GTID) AppendText(b []byte) []byte {
	b = g.Source.appendText(b)
	return strconv.AppendInt(append(b, ':'), g.Number, 10)
}

// Parse reads one GTID.
func Parse(s string) (GTID, error) {
	set, err := ParseSet(s)
	if err != nil {
		return GTID{}, err
	}
	if len(set.runs) != 1 || len(set.runs[0].spans) != 1 || set.runs[0].spans[0].first != set.runs[0].spans[0].last {
		return GTID{}, fmt.Errorf("%q is not one transaction: %w", s, errNotation)
	}
	return GTID{Source: set.runs[0].source, Number: set.runs[0].spans[0].first}, nil
}

// UnmarshalText reads what MarshalText wrote.
func (g *GTID) UnmarshalText(text []byte) error {
	got, err := Parse(string(text))
	if err != nil {
		return err
	}
	*g = got
	return nil
}

// MarshalText gives the notation of String, as in a checkpoint.
func (g GTID) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// isTag says whether a part of a set's text is a tag and not an interval.
func isTag(s string) bool {
	if s == "" || len(s) > maxTag || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) < 0
}
