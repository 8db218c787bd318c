package table

import "strings"

// DefaultKind says how Default.Text is to be read.
type DefaultKind string

// The kinds of default. A column without one, or with DEFAULT NULL, has a nil
// Default: the server itself treats the two alike for a nullable column.
const (
	// DefaultText is a string literal, unescaped.
	DefaultText DefaultKind = "text"
	// DefaultNumber is a numeric literal as written, sign included.
	DefaultNumber DefaultKind = "number"
	// DefaultBool is TRUE or FALSE, in upper case.
	DefaultBool DefaultKind = "bool"
	// DefaultBits is the digits of a bit literal: b'101' is 101.
	DefaultBits DefaultKind = "bits"
	// DefaultHex is the lower-case digits of a hexadecimal literal, an even number of them.
	DefaultHex DefaultKind = "hex"
	// DefaultNow is CURRENT_TIMESTAMP; Text is empty.
	DefaultNow DefaultKind = "now"
	// DefaultExpr is an expression that only the server can evaluate; Text is
	// its source without the outer brackets.
	DefaultExpr DefaultKind = "expr"
)

// Default is the default of a column as the statement gives it.
type Default struct {
	Kind DefaultKind `json:"kind"`
	Text string      `json:"text,omitempty"`
	// Charset is the introducer of a string literal (_latin1'x'), or what Raw is
	// in, else empty.
	Charset string `json:"charset,omitempty"`
	// Raw has the bytes of a string literal that is not UTF-8; the canonical form
	// has none.
	Raw string `json:"-"`
}

// NegativeZero says whether a FLOAT or DOUBLE without a scale becomes -0 by it: a
// text or a literal with an exponent keeps the sign, an exact number does not.
func (d *Default) NegativeZero() bool {
	text := strings.ToLower(strings.TrimSpace(d.Text))
	mantissa, _, inexact := strings.Cut(text, "e")
	if d.Kind != DefaultText && (d.Kind != DefaultNumber || !inexact) {
		return false
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	return negative && digits != "" && strings.Trim(digits, "0.") == ""
}
