package row

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// numberDefault reads a default as a number, whatever literal it is.
func numberDefault(d *table.Default) (*big.Rat, error) {
	switch d.Kind {
	case table.DefaultBool:
		if d.Text == "TRUE" {
			return big.NewRat(1, 1), nil
		}
		return new(big.Rat), nil
	case table.DefaultBits, table.DefaultHex:
		b, err := literalBytes(d)
		return new(big.Rat).SetInt(new(big.Int).SetBytes(b)), err
	case table.DefaultText, table.DefaultNumber:
		text := strings.TrimSpace(d.Text)
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return nil, errors.New("want a number") // strconv's error repeats the text
		}
		r, ok := new(big.Rat).SetString(text)
		if !ok {
			return nil, errors.New("want a number in decimal")
		}
		return r, nil
	}
	return nil, fmt.Errorf("want a number, not %s", d.Kind)
}

// literalBytes reads a bit or hexadecimal literal.
func literalBytes(d *table.Default) ([]byte, error) {
	if d.Kind == table.DefaultHex {
		return hex.DecodeString(d.Text)
	}
	n, ok := new(big.Int).SetString("0"+d.Text, 2)
	if !ok {
		return nil, errors.New("want digits 0 and 1")
	}
	return n.FillBytes(make([]byte, (len(d.Text)+7)/8)), nil
}

// rounded gives the number times 10^scale, halves away from zero.
func rounded(r *big.Rat, scale int) *big.Int {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	n := new(big.Int).Mul(r.Num(), unit)
	n.Mul(n.Abs(n), big.NewInt(2)).Add(n, r.Denom())
	n.Quo(n, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if r.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

// integerDefault wraps a number above 2^63-1 as its column does.
func integerDefault(d *table.Default) (int64, error) {
	r, err := numberDefault(d)
	if err != nil {
		return 0, err
	}
	n := rounded(r, 0)
	switch {
	case n.IsInt64():
		return n.Int64(), nil
	case n.IsUint64():
		return int64(n.Uint64()), nil
	}
	return 0, errors.New("want an integer of 64 bits")
}

// yearDefault takes two digits as a year from 1970 to 2069, a bare 0 as 0000.
func yearDefault(d *table.Default) ([]byte, error) {
	y, err := integerDefault(d)
	short := d.Kind == table.DefaultText && len(d.Text) < 4
	switch {
	case err != nil:
		return nil, err
	case y > 0 && y < 70 || y == 0 && short:
		y += 2000
	case y >= 70 && y < 100:
		y += 1900
	}
	return appendLong(nil, y), nil
}

func (c *column) floatDefault(d *table.Default) ([]byte, error) {
	r, err := numberDefault(d)
	if err != nil {
		return nil, err
	}
	if c.avro == sdk.Float {
		f, _ := r.Float32()
		if d.NegativeZero() {
			f = float32(math.Copysign(0, -1))
		}
		return appendFloat(nil, f), nil
	}
	f, _ := r.Float64()
	if d.NegativeZero() {
		f = math.Copysign(0, -1)
	}
	return appendDouble(nil, f), nil
}

func (c *column) decimalDefault(d *table.Default) ([]byte, error) {
	r, err := numberDefault(d)
	if err != nil {
		return nil, err
	}
	n, negative, ok := parseDecimal([]byte(rounded(r, c.scale).String()), 0)
	if !ok {
		return nil, errors.New("want at most 65 digits")
	}
	return n.appendBytes(nil, negative), nil
}

func (c *column) bitDefault(d *table.Default) ([]byte, error) {
	n, err := integerDefault(d)
	if err != nil {
		return nil, err
	}
	size := (max(c.length, 1) + 7) / 8
	raw := make([]byte, size)
	for i := range raw {
		raw[size-1-i] = byte(n >> (8 * i))
	}
	return c.raw(c, raw, []byte{})
}

// findLabel compares as MySQL's collations do, as far as letters' case goes.
func (c *column) findLabel(text string) (int, bool) {
	for i, l := range c.labels {
		if l == text {
			return i, true
		}
	}
	for i, l := range c.labels {
		if strings.EqualFold(l, text) {
			return i, true
		}
	}
	return -1, false
}

func (c *column) labelMask(text string) (mask uint64, err error) {
	if text == "" {
		return 0, nil
	}
	for l := range strings.SplitSeq(text, ",") {
		i, ok := c.findLabel(l)
		if !ok {
			return 0, fmt.Errorf("%q is none of the labels %q", l, c.labels)
		}
		mask |= 1 << i
	}
	return mask, nil
}
