package row

import (
	"bytes"
	"math"
	"math/bits"
	"strconv"
)

// appendJSONDouble writes a double as Debezium's stream does: the shortest
// digits from 0.001 up to ten million, with at least one after the point, and
// beyond that all the digits of its exact value, without an exponent.
func appendJSONDouble(dst []byte, f float64) []byte {
	a := math.Abs(f)
	if a == 0 || a >= 1e-3 && a < 1e7 {
		return appendShortest(dst, f)
	}
	return strconv.AppendFloat(dst, f, 'f', exactDigits(f), 64)
}

// appendShortest writes the shortest digits that give the double again.
func appendShortest(dst []byte, f float64) []byte {
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}

// exactDigits is how many digits after the point the exact value has: as many
// as its binary fraction has bits.
func exactDigits(f float64) int {
	b := math.Float64bits(f)
	mantissa, exponent := b&(1<<52-1), int(b>>52&0x7ff)
	if exponent == 0 {
		exponent = 1
	} else {
		mantissa |= 1 << 52
	}
	return max(0, 1075-exponent-bits.TrailingZeros64(mantissa))
}

// appendNumber writes a number that the server has printed. One with an
// exponent is a double, and so is one that reads as the shortest form of a
// double; else it is an integer or a decimal, whose digits are all kept.
func appendNumber(dst, s []byte) []byte {
	exponent := bytes.IndexByte(s, 'e') >= 0
	if !exponent && bytes.IndexByte(s, '.') < 0 {
		return append(dst, s...)
	}
	f, err := strconv.ParseFloat(string(s), 64)
	if err != nil {
		return append(dst, s...)
	}
	if !exponent {
		var b [32]byte
		if !bytes.Equal(appendShortest(b[:0], f), s) {
			return append(dst, s...)
		}
	}
	return appendJSONDouble(dst, f)
}
