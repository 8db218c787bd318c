package table

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/charset"
)

// ErrCharset means that bytes are no characters of the character set that they
// should be in.
var ErrCharset = errors.New("bytes that are no characters")

// literalText gives a literal as characters of a column.
func literalText(d *Default, columnCharset string) (string, error) {
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
			columnCharset = d.Charset
		}
		return decodeBytes(b, columnCharset)
	}
	return d.Characters(columnCharset)
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

// Characters gives the text of a string literal in a column of a character set.
func (d *Default) Characters(columnCharset string) (string, error) {
	if d.Raw == "" {
		return d.Text, nil
	}
	from := d.Charset
	if from == "binary" {
		from = columnCharset
	}
	return decodeBytes([]byte(d.Raw), from)
}

// decodeBytes reads bytes of a character set; none is UTF-8.
func decodeBytes(b []byte, name string) (string, error) {
	if name == "" {
		name = "utf8mb4"
	}
	c, err := charset.Lookup(CharsetName(name))
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrCharset, err)
	}
	text, ok := c.Decode(string(b))
	if !ok {
		return "", fmt.Errorf("%w: %q in %s", ErrCharset, b, name)
	}
	return text, nil
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
