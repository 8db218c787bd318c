package row

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// bad is the place behind a value that is none.
const bad = -1

// skip returns the place behind the value that stands at b[at:]. It is most of
// what a check costs: small values come first, and places stay in registers.
func skip(b []byte, at int, k kind) int {
	switch k {
	case text, bytes:
		if at < len(b) && b[at]&0x81 == 0 { // a length of one byte
			return skipFixed(b, at, 1+int(b[at]>>1))
		}
		return skipBytes(b, at)
	case integer, long:
		if at < len(b) && b[at] < 0x80 {
			return at + 1
		}
		if k == integer {
			return skipInt(b, at)
		}
		return skipLong(b, at)
	case boolean:
		if at >= len(b) || b[at] > 1 {
			return bad
		}
		return at + 1
	case float:
		return skipFixed(b, at, 4)
	case double:
		return skipFixed(b, at, 8)
	case geometry:
		return skipOptional(b, skipBytes(b, at), integer)
	case point:
		return skipOptional(b, skipOptional(b, skipFixed(b, at, 16), bytes), integer)
	case vector:
		return skipFloats(b, at)
	default:
		return bad
	}
}

func skipFixed(b []byte, at, n int) int {
	if n > len(b)-at {
		return bad
	}
	return at + n
}

// skipOptional skips a union whose first branch is null. at may be bad.
func skipOptional(b []byte, at int, k kind) int {
	switch {
	case at < 0 || at >= len(b) || b[at]&^2 != 0:
		return bad
	case b[at] == 0:
		return at + 1
	default:
		return skip(b, at+1, k)
	}
}

// skipLong finds the first byte without a high bit, of eight at a time.
func skipLong(b []byte, at int) int {
	if at+8 <= len(b) {
		if last := ^binary.LittleEndian.Uint64(b[at:]) & 0x8080808080808080; last != 0 {
			return at + bits.TrailingZeros64(last)/8 + 1
		}
	}
	_, n := binary.Uvarint(b[at:])
	if n <= 0 {
		return bad
	}
	return at + n
}

// skipInt allows five bytes, the last of which has four bits, as readers do.
func skipInt(b []byte, at int) int {
	end := skipLong(b, at)
	if n := end - at; n > 5 || (n == 5 && b[end-1] > 0x0f) {
		return bad
	}
	return end
}

func skipBytes(b []byte, at int) int {
	n, size := binary.Varint(b[at:])
	at += size
	if size <= 0 || n < 0 || n > int64(len(b)-at) {
		return bad
	}
	return at + int(n)
}

// skipFloats skips an array, whose blocks end with an empty one. A negative count
// has the block's size behind it.
func skipFloats(b []byte, at int) int {
	for {
		n, size := binary.Varint(b[at:])
		if at += size; size <= 0 || n == math.MinInt64 {
			return bad
		}
		if n < 0 {
			n = -n
			if at = skipLong(b, at); at < 0 {
				return bad
			}
		}
		switch {
		case n == 0:
			return at
		case n > int64(len(b)-at)/4:
			return bad
		}
		at += int(n) * 4
	}
}
