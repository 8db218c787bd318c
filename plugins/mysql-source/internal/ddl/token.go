package ddl

import "strings"

type tokenKind uint8

const (
	tokenEOF      tokenKind = iota
	tokenWord               // unquoted: a keyword or a name
	tokenQuoted             // a quoted name
	tokenString             // a string literal, unescaped
	tokenNational           // N'..', unescaped
	tokenNumber             // a number as written, without sign
	tokenHex                // the digits of x'..' or 0x..
	tokenBits               // the digits of b'..' or 0b..
	tokenPunct              // one byte of anything else
)

// token is one lexical element. The text of names and strings is in the
// character set of the statement; start and end are where it stands there.
type token struct {
	kind       tokenKind
	text       string
	start, end int
}

// is reports whether the token is the given keyword, which is in upper case.
func (t token) is(keyword string) bool {
	return t.kind == tokenWord && strings.EqualFold(t.text, keyword)
}

func (t token) isAny(keywords ...string) bool {
	for _, k := range keywords {
		if t.is(k) {
			return true
		}
	}
	return false
}

func (t token) punct(c byte) bool { return t.kind == tokenPunct && t.text[0] == c }

// isName reports whether the token can be an identifier.
func (t token) isName() bool { return t.kind == tokenWord || t.kind == tokenQuoted }
