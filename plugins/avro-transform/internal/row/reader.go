package row

import (
	"encoding/binary"
	"math"
)

// reader reads values of Avro's binary form. The first fault makes bad true.
type reader struct {
	buf []byte
	at  int
	bad bool
}

// present reads the index of a union and says whether it is that of the value.
func (r *reader) present(value byte) bool {
	b := r.take(1)
	if r.bad || b[0]&^2 != 0 {
		r.bad = true
		return false
	}
	return b[0] == value
}

func (r *reader) bool() bool {
	b := r.take(1)
	if r.bad || b[0] > 1 {
		r.bad = true
		return false
	}
	return b[0] == 1
}

func (r *reader) long() int64 { return r.varint(skipLong(r.buf, r.at)) }

func (r *reader) int() int32 { return int32(r.varint(skipInt(r.buf, r.at))) }

// varint reads the number that ends at a place that skip has found.
func (r *reader) varint(end int) int64 {
	if end < 0 {
		r.bad = true
		return 0
	}
	v, _ := binary.Varint(r.buf[r.at:end])
	r.at = end
	return v
}

func (r *reader) bytes() []byte {
	n := r.long()
	if n < 0 || n > int64(len(r.buf)-r.at) {
		r.bad = true
		return nil
	}
	return r.take(int(n))
}

func (r *reader) take(n int) []byte {
	if r.bad || n > len(r.buf)-r.at {
		r.bad = true
		return nil
	}
	b := r.buf[r.at : r.at+n]
	r.at += n
	return b
}

// floats reads an array, whose blocks end with an empty one. A negative count
// has the block's size behind it.
func (r *reader) floats(each func(float32)) {
	for !r.bad {
		n := r.long()
		if n < 0 {
			n = -n
			r.long()
		}
		if n < 0 || n > int64(len(r.buf)-r.at)/4 {
			r.bad = true
		}
		if n == 0 || r.bad {
			return
		}
		for range n {
			each(math.Float32frombits(binary.LittleEndian.Uint32(r.take(4))))
		}
	}
}
