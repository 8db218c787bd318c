package envelope

import "encoding/binary"

// header begins a message in Confluent's wire format: a zero byte and the id of
// the schema.
func header(id int32) []byte {
	return binary.BigEndian.AppendUint32([]byte{0}, uint32(id))
}
