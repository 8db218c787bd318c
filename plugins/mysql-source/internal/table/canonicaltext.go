package table

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// literalText gives a literal as characters of a column.
func literalText(d *Default, charset string) (string, error) {
	switch d.Kind {
	case DefaultNumber:
		return numberText(d.Text)
	case DefaultBool:
		return canonicalDecimal(d, 0)
	case DefaultHex, DefaultBits:
		b, err := literalBytes(d)
		if err != nil {
			return "", err
		}
		if d.Charset != "" {
			charset = d.Charset
		}
		return decodeBytes(b, charset)
	}
	return d.Text, nil
}

// numberText is what a number becomes as a string: an integer loses leading
// zeros, a number with an exponent is written out as a float.
func numberText(text string) (string, error) {
	d := &Default{Kind: DefaultNumber, Text: text}
	if strings.ContainsAny(text, "eE") {
		return canonicalFloat(d, Unset, 64)
	}
	_, fraction, _ := strings.Cut(text, ".")
	return canonicalDecimal(d, len(fraction))
}

// decodeBytes reads bytes of a character set that contains them as UTF-8 or
// ASCII; others would need tables that only the row decoder has.
func decodeBytes(b []byte, charset string) (string, error) {
	if isASCII(string(b)) && charset != "utf16" && charset != "utf16le" && charset != "utf32" && charset != "ucs2" {
		return string(b), nil
	}
	if (charset == "" || strings.HasPrefix(charset, "utf8")) && utf8.Valid(b) {
		return string(b), nil
	}
	return "", fmt.Errorf("bytes of character set %q are not read here", charset)
}

// canonicalBytes gives hexadecimal digits; a BINARY is padded to its length.
func (c *Column) canonicalBytes(d *Default) (*Default, error) {
	b, err := literalBytes(d)
	if err != nil {
		return nil, err
	}
	if c.Type == "BINARY" && len(b) < c.Length {
		b = append(b, make([]byte, c.Length-len(b))...)
	}
	return &Default{Kind: DefaultHex, Text: hex.EncodeToString(b)}, nil
}
