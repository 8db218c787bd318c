package table

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

var errNotNumber = errors.New("not a number")

// maxExponent bounds what a literal can make exact arithmetic do; MySQL's
// numbers end at 1e308.
const maxExponent = 400

// maxDigits is more than any exact type holds: 65 digits, sign and point.
const maxDigits = 100

// rational reads a literal as an exact number.
func rational(d *Default) (*big.Rat, error) {
	switch d.Kind {
	case DefaultBool:
		if d.Text == "TRUE" {
			return big.NewRat(1, 1), nil
		}
		return new(big.Rat), nil
	case DefaultHex, DefaultBits:
		b, err := literalBytes(d)
		if err != nil {
			return nil, err
		}
		return new(big.Rat).SetInt(new(big.Int).SetBytes(b)), nil
	}
	text := strings.TrimSpace(d.Text)
	if !isNumber(text) {
		return nil, errNotNumber
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, errNotNumber
	}
	return r, nil
}

// isNumber reports whether text is a decimal number of bounded size, without
// the hexadecimal and other forms that Go takes beside.
func isNumber(text string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToLower(text), "e")
	if n, err := strconv.Atoi(exponent); found && (err != nil || n > maxExponent || n < -maxExponent) {
		return false
	}
	return len(mantissa) <= maxExponent && mantissa != "" && strings.Trim(mantissa, "+-.0123456789") == ""
}

// canonicalDecimal rounds half away from zero, as the server does.
func canonicalDecimal(d *Default, scale int) (string, error) {
	r, err := rational(d)
	if err != nil {
		return "", err
	}
	text := r.FloatString(scale)
	if len(text) > maxDigits {
		return "", errNotNumber
	}
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return text, nil
}

// canonicalFloat gives the shortest text of the value as it is stored.
func canonicalFloat(d *Default, scale, bits int) (string, error) {
	r, err := rational(d)
	if err != nil {
		return "", err
	}
	if scale >= 0 {
		if _, ok := r.SetString(r.FloatString(scale)); !ok {
			return "", errNotNumber
		}
	}
	v, _ := r.Float64()
	if bits == 32 {
		f, _ := r.Float32()
		v = float64(f)
	}
	if math.IsInf(v, 0) {
		return "", errNotNumber
	}
	if scale < 0 && d.NegativeZero() {
		v = math.Copysign(0, -1)
	}
	return strconv.FormatFloat(v, 'g', -1, bits), nil
}

func canonicalBits(d *Default) (*Default, error) {
	var n *big.Int
	if d.Kind == DefaultText {
		n = new(big.Int).SetBytes([]byte(d.Text))
	} else {
		text, err := canonicalDecimal(d, 0)
		if err != nil {
			return nil, err
		}
		var ok bool
		if n, ok = new(big.Int).SetString(text, 10); !ok || n.Sign() < 0 {
			return nil, errNotNumber
		}
	}
	return &Default{Kind: DefaultBits, Text: n.Text(2)}, nil
}

// canonicalYear widens years of two digits; the text '0' is 2000, the number 0
// is the year 0000.
func canonicalYear(d *Default) (string, error) {
	text, err := canonicalDecimal(d, 0)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return "", errNotNumber
	}
	short := d.Kind != DefaultText || len(strings.TrimSpace(d.Text)) <= 2
	switch {
	case n == 0 && d.Kind == DefaultText && short:
		n = 2000
	case n == 0:
	case n < 100 && short:
		n = wideYear(n)
	}
	return fmt.Sprintf("%04d", n), nil
}

func wideYear(n int) int {
	if n < 70 {
		return 2000 + n
	}
	return 1900 + n
}

// literalBytes gives the bytes of a literal.
func literalBytes(d *Default) ([]byte, error) {
	switch d.Kind {
	case DefaultHex:
		return hex.DecodeString(d.Text)
	case DefaultBits:
		n, ok := new(big.Int).SetString(d.Text, 2)
		if !ok {
			return nil, errNotNumber
		}
		return n.FillBytes(make([]byte, (len(d.Text)+7)/8)), nil
	}
	if d.Raw != "" {
		return []byte(d.Raw), nil
	}
	text, err := literalText(d, "")
	return []byte(text), err
}
