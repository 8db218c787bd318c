package row

import (
	"encoding/binary"

	"google.golang.org/protobuf/encoding/protowire"
)

// appendText adds a length-delimited field whose tag is there already.
func appendText(out, text []byte) []byte {
	out = binary.AppendUvarint(out, uint64(len(text)))
	return append(out, text...)
}

// appendString is appendText for a string, tag included.
func appendString(out []byte, tag uint64, text string) []byte {
	out = binary.AppendUvarint(out, tag)
	out = binary.AppendUvarint(out, uint64(len(text)))
	return append(out, text...)
}

// sized puts the length before what was added from start on.
func sized(out []byte, start int) []byte {
	n := len(out) - start
	if n < 0x80 { // one byte, as almost always
		out = append(out, 0)
		copy(out[start+1:], out[start:])
		out[start] = byte(n)
		return out
	}
	var size [binary.MaxVarintLen64]byte
	prefix := binary.AppendUvarint(size[:0], uint64(n))
	out = append(out, prefix...)
	copy(out[start+len(prefix):], out[start:start+n])
	copy(out[start:], prefix)
	return out
}

func tagOf(number protowire.Number, t protowire.Type) uint64 { return protowire.EncodeTag(number, t) }
