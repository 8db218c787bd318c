package row

import (
	"encoding/binary"
	"math/bits"
)

// wide is a number without sign of up to 320 bits, lowest word first: enough
// for the 65 digits of the longest DECIMAL, and for the 81 digits that the
// server has room for in a JSON document.
type wide [5]uint64

// mulAdd makes n = n*m + a.
func (n *wide) mulAdd(m, a uint64) {
	if n.small() {
		high, low := bits.Mul64(n[0], m)
		low, carry := bits.Add64(low, a, 0)
		n[0], n[1] = low, high+carry
		return
	}
	for i := range n {
		high, low := bits.Mul64(n[i], m)
		low, carry := bits.Add64(low, a, 0)
		n[i], a = low, high+carry
	}
}

// small reports a number of one word.
func (n *wide) small() bool { return n[1]|n[2]|n[3]|n[4] == 0 }

// appendBytes appends the number as an Avro bytes: the fewest bytes of two's
// complement, highest first, at least one.
func (n *wide) appendBytes(dst []byte, negative bool) []byte {
	if n.small() && n[0] < 1<<63 {
		return appendSmall(dst, int64(n[0]), negative)
	}
	v := *n
	if negative {
		carry := uint64(1)
		for i := range v {
			v[i], carry = bits.Add64(^v[i], 0, carry)
		}
	}
	var b [len(v) * 8]byte
	for i, w := range v {
		binary.BigEndian.PutUint64(b[len(b)-8-8*i:], w)
	}
	fill := byte(int8(b[0]) >> 7)
	start := 0
	for start < len(b)-1 && b[start] == fill && (b[start+1]^fill)&0x80 == 0 {
		start++
	}
	return appendBytes(dst, b[start:])
}

func appendSmall(dst []byte, v int64, negative bool) []byte {
	if negative {
		v = -v
	}
	size := bits.Len64(uint64(v^v>>63))/8 + 1
	dst = append(dst, byte(size<<1))
	for i := size - 1; i >= 0; i-- {
		dst = append(dst, byte(v>>(8*i)))
	}
	return dst
}

// appendText appends the number in decimal, with so many digits after the
// point.
func (n *wide) appendText(dst []byte, negative bool, scale int) []byte {
	var digits [100]byte
	i := len(digits)
	for v := *n; v != (wide{}) || len(digits)-i <= scale; {
		i--
		digits[i] = '0' + v.divTen()
	}
	if negative {
		dst = append(dst, '-')
	}
	point := len(digits) - scale
	dst = append(dst, digits[i:point]...)
	if scale > 0 {
		dst = append(append(dst, '.'), digits[point:]...)
	}
	return dst
}

// divTen divides the number by ten and returns the rest.
func (n *wide) divTen() byte {
	var rest uint64
	for i := len(n) - 1; i >= 0; i-- {
		n[i], rest = bits.Div64(rest, n[i], 10)
	}
	return byte(rest)
}
