package row

import (
	"encoding/binary"
	"math/big"
	"strconv"
)

// appendDecimal adds the decimal text of a big-endian two's complement with the
// last scale digits behind the point. No bytes are zero.
func appendDecimal(out, unscaled []byte, scale int) []byte {
	if len(unscaled) <= 8 {
		return appendSmall(out, unscaled, scale)
	}
	n := new(big.Int).SetBytes(unscaled)
	if unscaled[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(unscaled))))
	}
	if n.Sign() < 0 {
		out = append(out, '-')
		n.Neg(n)
	}
	return point(out, n.Append(nil, 10), scale)
}

func appendSmall(out, unscaled []byte, scale int) []byte {
	var wide [8]byte
	if len(unscaled) > 0 && unscaled[0]&0x80 != 0 {
		binary.BigEndian.PutUint64(wide[:], ^uint64(0))
	}
	copy(wide[8-len(unscaled):], unscaled)
	n := int64(binary.BigEndian.Uint64(wide[:]))
	magnitude := uint64(n)
	if n < 0 {
		out = append(out, '-')
		magnitude = -magnitude
	}
	var text [20]byte
	return point(out, strconv.AppendUint(text[:0], magnitude, 10), scale)
}

// point adds digits with a point before the last scale of them.
func point(out, digits []byte, scale int) []byte {
	if scale == 0 {
		return append(out, digits...)
	}
	if len(digits) <= scale {
		out = append(out, '0', '.')
		for range scale - len(digits) {
			out = append(out, '0')
		}
		return append(out, digits...)
	}
	whole := len(digits) - scale
	out = append(out, digits[:whole]...)
	out = append(out, '.')
	return append(out, digits[whole:]...)
}
