// Package java prints values as Java's toString methods do, where text of
// Debezium is to be met to the letter. Start reading at AppendDouble.
package java

import (
	"math"
	"strconv"
)

// AppendDouble adds Double.toString(v) to b.
func AppendDouble(b []byte, v float64) []byte { return appendFloat(b, v, 64) }

// AppendFloat adds Float.toString(v) to b.
func AppendFloat(b []byte, v float32) []byte { return appendFloat(b, float64(v), 32) }

func appendFloat(b []byte, v float64, bits int) []byte {
	switch abs := math.Abs(v); {
	case math.IsNaN(v):
		return append(b, "NaN"...)
	case math.IsInf(v, 1):
		return append(b, "Infinity"...)
	case math.IsInf(v, -1):
		return append(b, "-Infinity"...)
	case v == 0 || (abs >= 1e-3 && abs < 1e7):
		return appendPlain(b, v, bits)
	default:
		return appendScientific(b, v, bits)
	}
}

// appendPlain writes at least one digit behind the point.
func appendPlain(b []byte, v float64, bits int) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', -1, bits)
	for _, c := range b[start:] {
		if c == '.' {
			return b
		}
	}
	return append(b, ".0"...)
}

// appendScientific writes d.dE-7 where Go has de-07, and no plus sign. Where one
// digit would do Java has the two that are nearest.
func appendScientific(b []byte, v float64, bits int) []byte {
	var scratch [32]byte
	s := strconv.AppendFloat(scratch[:0], v, 'e', -1, bits)
	first := 0
	if v < 0 {
		first = 1
	}
	if s[first+1] == 'e' {
		s = strconv.AppendFloat(scratch[:0], v, 'e', 1, bits)
	}
	for i, c := range s {
		if c != 'e' {
			continue
		}
		exponent, _ := strconv.Atoi(string(s[i+1:]))
		b = append(append(b, s[:i]...), 'E')
		return strconv.AppendInt(b, int64(exponent), 10)
	}
	return append(b, s...)
}
