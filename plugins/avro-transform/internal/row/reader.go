package row

import (
	"encoding/binary"
	"math"

	"github.com/leat-io/leat/sdk"
)

// kind is an Avro type in the form that is fastest to switch on.
type kind uint8

const (
	boolean kind = iota + 1
	integer
	long
	float
	double
	text
	bytes
	geometry
	point
	vector
)

var kinds = map[sdk.Type]kind{
	sdk.Boolean: boolean, sdk.Int: integer, sdk.Long: long, sdk.Float: float, sdk.Double: double,
	sdk.String: text, sdk.Bytes: bytes, sdk.Geometry: geometry, sdk.Point: point, sdk.Vector: vector,
}

// reader reads Avro's binary form. The first fault makes bad true.
type reader struct {
	buf []byte
	at  int
	bad bool
}

// present reads the index of a union and says whether it stands for a value.
func (r *reader) present(value int64) bool {
	// The index is zigzag-coded: 0 is 0x00 and 1 is 0x02, as one byte each.
	if r.at < len(r.buf) {
		switch c := r.buf[r.at]; c {
		case 0, 2:
			r.at++
			return int64(c>>1) == value
		}
	}
	r.bad = true
	return false
}

func (r *reader) skip(k kind) {
	switch k {
	case boolean:
		if b := r.take(1); !r.bad && b[0] > 1 {
			r.bad = true
		}
	case integer:
		r.int()
	case long:
		r.long()
	case float:
		r.take(4)
	case double:
		r.take(8)
	case text, bytes:
		r.bytes()
	default:
		r.skipStruct(k)
	}
}

func (r *reader) skipStruct(k kind) {
	switch k {
	case geometry:
		r.bytes()
	case point:
		r.take(16)
		if r.present(1) {
			r.bytes()
		}
	case vector:
		r.floats(func(float32) {})
		return
	default:
		r.bad = true
	}
	if r.present(1) { // srid
		r.int()
	}
}

func (r *reader) long() int64 {
	if r.at < len(r.buf) && r.buf[r.at] < 0x80 {
		v := r.buf[r.at]
		r.at++
		return int64(v>>1) ^ -int64(v&1)
	}
	v, n := binary.Varint(r.buf[min(r.at, len(r.buf)):])
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.at += n
	return v
}

func (r *reader) int() int32 {
	v := r.long()
	if v < math.MinInt32 || v > math.MaxInt32 {
		r.bad = true
	}
	return int32(v)
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
