package row

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// digitsPerWord decimal digits are stored in four bytes of a DECIMAL.
const digitsPerWord = 9

// wordBytes is how many bytes the digits take that are left over.
var wordBytes = [digitsPerWord + 1]int{0, 1, 1, 2, 2, 3, 3, 4, 4, 4}

// powers of ten that a word can have.
var powers = [digitsPerWord + 1]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

func decimalSize(precision, scale int) int {
	whole := max(precision-scale, 0)
	return whole/digitsPerWord*4 + wordBytes[whole%digitsPerWord] +
		scale/digitsPerWord*4 + wordBytes[scale%digitsPerWord]
}

func checkDecimal(c *table.Column) error {
	precision, scale := decimalDigits(c)
	if precision < 1 || precision > 65 || scale < 0 || scale > min(precision, 30) {
		return fmt.Errorf("DECIMAL(%d,%d): want 1 to 65 digits and a scale of 0 to 30", precision, scale)
	}
	return nil
}

// decimalDigits gives the digits of a column; ten whole ones are implied.
func decimalDigits(c *table.Column) (precision, scale int) {
	precision, scale = c.Length, c.Scale
	if precision == table.Unset {
		precision = 10
	}
	return precision, max(scale, 0)
}

// decimalRaw turns the server's packed digits into the unscaled number that
// Avro's decimal has: the fewest bytes of two's complement, highest first.
func decimalRaw(c *column, raw, dst []byte) ([]byte, error) {
	n, negative, ok := unpackDecimal(raw, c.length, c.scale)
	if !ok {
		return dst, errDamage
	}
	return n.appendBytes(dst, negative), nil
}

// unpackDecimal reads packed digits: words of nine digits, counted from the
// point, the first and the last word shorter. The first bit is set for a
// number that is not negative; all bits of a negative one are inverted.
func unpackDecimal(raw []byte, precision, scale int) (n wide, negative, ok bool) {
	if scale > precision || len(raw) != decimalSize(precision, scale) || len(raw) == 0 {
		return n, false, false
	}
	w := wordReader{raw: raw, flip: 0x80}
	negative = raw[0]&0x80 == 0
	if negative {
		w.flip, w.invert = 0x7f, 0xff
	}
	whole := precision - scale
	w.read(&n, whole%digitsPerWord)
	for range whole/digitsPerWord + scale/digitsPerWord {
		w.read(&n, digitsPerWord)
	}
	w.read(&n, scale%digitsPerWord)
	return n, negative, !w.bad
}

// wordReader reads the words of a packed decimal.
type wordReader struct {
	raw []byte
	// flip is for the first byte, invert for all others.
	flip, invert byte
	bad          bool
}

func (w *wordReader) read(n *wide, digits int) {
	if digits == 0 {
		return
	}
	var v uint64
	size := wordBytes[digits]
	for _, b := range w.raw[:size] {
		v = v<<8 | uint64(b^w.flip)
		w.flip = w.invert
	}
	w.raw = w.raw[size:]
	if v >= powers[digits] {
		w.bad = true
	}
	n.mulAdd(powers[digits], v)
}

func decimalText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeString {
		return dst, errText
	}
	n, negative, ok := parseDecimal(v.AsString(), c.scale)
	if !ok {
		return dst, errText
	}
	return n.appendBytes(dst, negative), nil
}

// parseDecimal reads a decimal that has at most the given scale.
func parseDecimal(s []byte, scale int) (n wide, negative, ok bool) {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	fraction := -1
	digits := 0
	for _, b := range s {
		switch {
		case b == '.' && fraction < 0:
			fraction = 0
			continue
		case b < '0' || b > '9':
			return n, negative, false
		case fraction >= 0:
			fraction++
		}
		digits++
		n.mulAdd(10, uint64(b-'0'))
	}
	for range scale - max(fraction, 0) {
		n.mulAdd(10, 0)
	}
	return n, negative, digits > 0 && digits <= 65 && fraction <= scale
}
