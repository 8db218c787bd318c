package avro

import "encoding/binary"

// AppendLong adds a long, or an int, to b: for those who keep a buffer of their
// own, where a Writer would be a detour.
func AppendLong(b []byte, v int64) []byte { return binary.AppendVarint(b, v) }

// AppendString adds a string to b.
func AppendString(b []byte, s string) []byte {
	return append(AppendLong(b, int64(len(s))), s...)
}
