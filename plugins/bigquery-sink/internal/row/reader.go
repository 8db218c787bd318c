package row

import (
	"encoding/binary"
	"math"
)

// reader reads Avro's binary form. After a fault it returns zero values, and
// bad stays set.
type reader struct {
	buf []byte
	bad bool
}

func (r *reader) fail() {
	r.buf, r.bad = nil, true
}

// long reads an int or a long.
func (r *reader) long() int64 {
	if len(r.buf) > 0 && r.buf[0] < 0x80 {
		n := uint64(r.buf[0])
		r.buf = r.buf[1:]
		return int64(n>>1) ^ -int64(n&1)
	}
	v, n := binary.Uvarint(r.buf)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.buf = r.buf[n:]
	return int64(v>>1) ^ -int64(v&1)
}

// take returns the next n bytes, a part of the input.
func (r *reader) take(n int64) []byte {
	if n < 0 || n > int64(len(r.buf)) {
		r.fail()
		return nil
	}
	b := r.buf[:n:n]
	r.buf = r.buf[n:]
	return b
}

// bytes reads bytes or a string.
func (r *reader) bytes() []byte { return r.take(r.long()) }

func (r *reader) float() float64 {
	b := r.take(4)
	if r.bad {
		return 0
	}
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
}

func (r *reader) double() uint64 {
	b := r.take(8)
	if r.bad {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

func (r *reader) boolean() uint64 {
	b := r.take(1)
	if r.bad || b[0] > 1 {
		r.fail()
		return 0
	}
	return uint64(b[0])
}

// block reads how many items follow in a block of an array or map; 0 ends it.
func (r *reader) block() int64 {
	n := r.long()
	if n < 0 {
		r.long() // the size in bytes, which only those need that skip
		n = -n
	}
	if n < 0 || n > int64(len(r.buf)) {
		r.fail()
		return 0
	}
	return n
}
