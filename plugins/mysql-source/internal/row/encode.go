package row

import (
	"encoding/binary"
	"math"
)

// appendLong appends an Avro int or long.
func appendLong(dst []byte, v int64) []byte {
	if u := uint64(v<<1) ^ uint64(v>>63); u < 0x80 {
		return append(dst, byte(u))
	}
	return binary.AppendVarint(dst, v)
}

// appendBytes appends an Avro bytes or string.
func appendBytes(dst, b []byte) []byte {
	return append(appendLong(dst, int64(len(b))), b...)
}

// encodeString gives a string on its own, for what is prepared once.
func encodeString(s string) []byte { return appendBytes(nil, []byte(s)) }

func appendFloat(dst []byte, f float32) []byte {
	return binary.LittleEndian.AppendUint32(dst, math.Float32bits(f))
}

func appendDouble(dst []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
}

// begin leaves room for the length of a string whose bytes follow; end fills
// it in.
func begin(dst []byte) []byte { return append(dst, 0) }

// end closes the string whose bytes start at start. Most are short, and have
// their length in the one byte left for it; others are moved.
func end(dst []byte, start int) []byte {
	n := len(dst) - start
	if n < 64 {
		dst[start-1] = byte(n << 1)
		return dst
	}
	var length [binary.MaxVarintLen64]byte
	k := binary.PutVarint(length[:], int64(n))
	dst = append(dst, length[:k-1]...)
	copy(dst[start+k-1:], dst[start:start+n])
	copy(dst[start-1:], length[:k])
	return dst
}
