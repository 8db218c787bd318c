package java

import (
	"math/big"
	"strconv"
	"strings"
)

// AppendDecimal adds BigDecimal.toString of unscaled·10^-scale to b. scale is
// not negative.
func AppendDecimal(b []byte, unscaled *big.Int, scale int) []byte {
	if unscaled.Sign() < 0 {
		b = append(b, '-')
	}
	digits := new(big.Int).Abs(unscaled).String()
	if scale == 0 {
		return append(b, digits...)
	}
	exponent := len(digits) - 1 - scale
	switch {
	case exponent < -6:
		b = append(b, digits[0])
		if len(digits) > 1 {
			b = append(append(b, '.'), digits[1:]...)
		}
		b = append(b, 'E')
		return strconv.AppendInt(b, int64(exponent), 10)
	case len(digits) <= scale:
		b = append(append(b, "0."...), strings.Repeat("0", scale-len(digits))...)
		return append(b, digits...)
	default:
		point := len(digits) - scale
		return append(append(append(b, digits[:point]...), '.'), digits[point:]...)
	}
}
