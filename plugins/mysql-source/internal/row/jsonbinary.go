package row

import (
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"
)

var errJSON = errors.New("JSON document is damaged")

// The types of a binary document's values.
const (
	jsonSmallObject = 0x00
	jsonLargeObject = 0x01
	jsonSmallArray  = 0x02
	jsonLargeArray  = 0x03
	jsonLiteral     = 0x04
	jsonInt16       = 0x05
	jsonUint16      = 0x06
	jsonInt32       = 0x07
	jsonUint32      = 0x08
	jsonInt64       = 0x09
	jsonUint64      = 0x0a
	jsonDouble      = 0x0b
	jsonString      = 0x0c
	jsonOpaque      = 0x0f
)

// maxJSONDepth is more than the server allows.
const maxJSONDepth = 128

// jsonWriter writes a binary document as text.
type jsonWriter struct {
	dst []byte
	// budget bounds the work and the text by the size of the document, whose
	// offsets may lead to the same bytes again and again if it is damaged.
	budget int
}

// value writes the value of the type that starts at the start of b.
func (w *jsonWriter) value(typ byte, b []byte, depth int) error {
	if w.budget--; w.budget < 0 || depth > maxJSONDepth {
		return errJSON
	}
	switch typ {
	case jsonSmallObject, jsonLargeObject, jsonSmallArray, jsonLargeArray:
		return w.container(typ, b, depth)
	case jsonString:
		s, ok := jsonBytes(b)
		if !ok {
			return errJSON
		}
		return w.quoted(s)
	case jsonOpaque:
		return w.opaque(b)
	}
	return w.scalar(typ, b)
}

// jsonSizes are those of the values without a length of their own.
var jsonSizes = [jsonDouble + 1]int{
	jsonLiteral: 1, jsonInt16: 2, jsonUint16: 2, jsonInt32: 4, jsonUint32: 4,
	jsonInt64: 8, jsonUint64: 8, jsonDouble: 8,
}

func (w *jsonWriter) scalar(typ byte, b []byte) error {
	if int(typ) >= len(jsonSizes) || len(b) < jsonSizes[typ] {
		return errJSON
	}
	switch typ {
	case jsonLiteral:
		return w.literal(b[0])
	case jsonInt16:
		w.dst = strconv.AppendInt(w.dst, int64(int16(binary.LittleEndian.Uint16(b))), 10)
	case jsonUint16:
		w.dst = strconv.AppendUint(w.dst, uint64(binary.LittleEndian.Uint16(b)), 10)
	case jsonInt32:
		w.dst = strconv.AppendInt(w.dst, int64(int32(binary.LittleEndian.Uint32(b))), 10)
	case jsonUint32:
		w.dst = strconv.AppendUint(w.dst, uint64(binary.LittleEndian.Uint32(b)), 10)
	case jsonInt64:
		w.dst = strconv.AppendInt(w.dst, int64(binary.LittleEndian.Uint64(b)), 10)
	case jsonUint64:
		w.dst = strconv.AppendUint(w.dst, binary.LittleEndian.Uint64(b), 10)
	case jsonDouble:
		return w.double(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return nil
}

func (w *jsonWriter) double(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return errJSON
	}
	w.dst = appendJSONDouble(w.dst, f)
	return nil
}

func (w *jsonWriter) literal(b byte) error {
	if b > 2 {
		return errJSON
	}
	w.dst = append(w.dst, [...]string{"null", "true", "false"}[b]...)
	return nil
}

// quoted writes a string, and takes its length from the budget.
func (w *jsonWriter) quoted(s []byte) error {
	if w.budget -= len(s); w.budget < 0 || !utf8.Valid(s) {
		return errJSON
	}
	w.dst = append(w.dst, '"')
	from := 0
	for i, c := range s {
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		w.dst = appendEscape(append(w.dst, s[from:i]...), c)
		from = i + 1
	}
	w.dst = append(append(w.dst, s[from:]...), '"')
	return nil
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\t':
		return append(dst, `\t`...)
	case '\n':
		return append(dst, `\n`...)
	case '\f':
		return append(dst, `\f`...)
	case '\r':
		return append(dst, `\r`...)
	}
	const hex = "0123456789ABCDEF"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// jsonBytes reads a length, seven bits a byte and the lowest first, and gives
// as many bytes after it.
func jsonBytes(b []byte) (s []byte, ok bool) {
	n := 0
	for i := range min(len(b), 5) {
		n |= int(b[i]&0x7f) << (7 * i)
		if b[i] < 0x80 {
			b = b[i+1:]
			if n > len(b) {
				return nil, false
			}
			return b[:n], true
		}
	}
	return nil, false
}
