package row

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/leat-io/leat/plugins/avro-transform/internal/java"
)

// AppendText adds to out what Kafka Connect's SimpleHeaderConverter makes of a
// record: its fields in braces, strings in quotes, bytes as base64.
func (s *Shape) AppendText(out, b []byte) ([]byte, error) {
	r := reader{buf: b}
	out = append(out, '{')
	for i := range s.columns {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendQuoted(out, s.fields[i]), ':')
		c := &s.columns[i]
		if c.nullable && !r.present(c.value) {
			out = append(out, "null"...)
		} else {
			out = r.appendText(out, c)
		}
		if r.bad {
			return nil, s.fault(i, b, min(r.at, len(b)))
		}
	}
	if r.at != len(b) {
		return nil, fmt.Errorf("%w: %d bytes behind the last field", ErrRow, len(b)-r.at)
	}
	return append(out, '}'), nil
}

func (r *reader) appendText(out []byte, c *column) []byte {
	switch c.kind {
	case boolean:
		return strconv.AppendBool(out, r.bool())
	case integer:
		return strconv.AppendInt(out, int64(r.int()), 10)
	case long:
		return strconv.AppendInt(out, r.long(), 10)
	case float:
		return java.AppendFloat(out, math.Float32frombits(uint32(r.fixed(4))))
	case double:
		return java.AppendDouble(out, math.Float64frombits(r.fixed(8)))
	case text:
		return appendQuoted(out, string(r.bytes()))
	case bytes:
		if b := r.bytes(); c.scale < 0 {
			return appendBase64(out, b)
		} else {
			return java.AppendDecimal(out, signed(b), c.scale)
		}
	default:
		return r.appendStruct(out, c.kind)
	}
}

func (r *reader) appendStruct(out []byte, k kind) []byte {
	switch k {
	case vector:
		out = append(out, '[')
		first := true
		r.floats(func(v float32) {
			if !first {
				out = append(out, ',')
			}
			first = false
			out = java.AppendFloat(out, v)
		})
		return append(out, ']')
	case point:
		out = java.AppendDouble(append(out, `{"x":`...), math.Float64frombits(r.fixed(8)))
		out = java.AppendDouble(append(out, `,"y":`...), math.Float64frombits(r.fixed(8)))
		out = append(out, `,"wkb":`...)
		if r.present(2) {
			out = appendBase64(out, r.bytes())
		} else {
			out = append(out, "null"...)
		}
	default:
		out = appendBase64(append(out, `{"wkb":`...), r.bytes())
	}
	out = append(out, `,"srid":`...)
	if r.present(2) {
		return append(strconv.AppendInt(out, int64(r.int()), 10), '}')
	}
	return append(out, "null}"...)
}

// fixed reads a little-endian number of 4 or 8 bytes.
func (r *reader) fixed(n int) uint64 {
	var b [8]byte
	copy(b[:], r.take(n))
	return binary.LittleEndian.Uint64(b[:])
}

// signed reads a number in two's complement, most significant byte first.
func signed(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
	}
	return v
}

func appendQuoted(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return append(out, '"')
}

func appendBase64(out, b []byte) []byte {
	out = base64.StdEncoding.AppendEncode(append(out, '"'), b)
	return append(out, '"')
}
