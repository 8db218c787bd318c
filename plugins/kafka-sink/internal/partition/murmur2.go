package partition

import "encoding/binary"

const (
	seed  = 0x9747b28c
	mix   = 0x5bd1e995
	shift = 24
)

// Murmur2 is the 32-bit hash of Kafka's Java client: MurmurHash2 with its seed,
// four bytes at a time in little-endian order.
func Murmur2(b []byte) uint32 {
	h := seed ^ uint32(len(b))
	for len(b) >= 4 {
		k := binary.LittleEndian.Uint32(b) * mix
		k ^= k >> shift
		h = h*mix ^ k*mix
		b = b[4:]
	}
	switch len(b) {
	case 3:
		h ^= uint32(b[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(b[1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(b[0])) * mix
	}
	h ^= h >> 13
	h *= mix
	return h ^ h>>15
}
