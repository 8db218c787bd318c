package envelope

import "encoding/binary"

// header begins a message in Confluent's wire format: a zero byte and the id of
// the schema. The index of a union may follow.
func header(id int32, index ...byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(id)), index...)
}
