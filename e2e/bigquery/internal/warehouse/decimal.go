package warehouse

import "math/big"

// Decimal is a NUMERIC or BIGNUMERIC value in its shortest form, without exponent: 12, -0.5.
type Decimal string

// Compare orders decimals by value.
func (d Decimal) Compare(o Decimal) int { return d.Rat().Cmp(o.Rat()) }

// Rat returns the exact value.
func (d Decimal) Rat() *big.Rat {
	r, ok := new(big.Rat).SetString(string(d))
	if !ok {
		return new(big.Rat)
	}
	return r
}
