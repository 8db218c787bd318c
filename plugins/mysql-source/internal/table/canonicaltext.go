package table

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
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

var errNoLabel = errors.New("not a label of the column")

func canonicalEnum(text string, labels []string) (string, error) {
	if i := findLabel(text, labels); i >= 0 {
		return labels[i], nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(labels) {
		return labels[n-1], nil
	}
	return "", errNoLabel
}

// canonicalSet puts labels into the order of their definition.
func canonicalSet(text string, labels []string) (string, error) {
	if text == "" {
		return "", nil
	}
	var at []int
	for _, part := range strings.Split(text, ",") {
		i := findLabel(part, labels)
		if i < 0 {
			return "", errNoLabel
		}
		at = append(at, i)
	}
	slices.Sort(at)
	var out []string
	for _, i := range slices.Compact(at) {
		out = append(out, labels[i])
	}
	return strings.Join(out, ","), nil
}

// findLabel prefers the same spelling over one that differs in case, which
// most collations take too.
func findLabel(text string, labels []string) int {
	text = strings.TrimRight(text, " ")
	if i := slices.Index(labels, text); i >= 0 {
		return i
	}
	return slices.IndexFunc(labels, func(l string) bool { return strings.EqualFold(l, text) })
}
