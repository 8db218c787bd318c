package row

import (
	"encoding/binary"
	"math"
)

// A spatial value is its SRID, four bytes, and then WKB. SRID 0 is null, as in
// Debezium.

func geometryRaw(_ *column, raw, dst []byte) ([]byte, error) {
	if len(raw) < 4 {
		return dst, errDamage
	}
	return appendSRID(raw, appendBytes(dst, raw[4:])), nil
}

// pointRaw has the coordinates as WKB has them, x first, whatever the order of
// axes of the reference system is.
func pointRaw(_ *column, raw, dst []byte) ([]byte, error) {
	const size = 4 + 1 + 4 + 8 + 8
	if len(raw) != size {
		return dst, errDamage
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if raw[4] == 0 {
		order = binary.BigEndian
	}
	const point = 1
	if order.Uint32(raw[5:]) != point {
		return dst, errDamage
	}
	dst = appendDouble(dst, math.Float64frombits(order.Uint64(raw[9:])))
	dst = appendDouble(dst, math.Float64frombits(order.Uint64(raw[17:])))
	dst = appendBytes(append(dst, 2), raw[4:])
	return appendSRID(raw, dst), nil
}

func appendSRID(raw, dst []byte) []byte {
	srid := int32(binary.LittleEndian.Uint32(raw))
	if srid == 0 {
		return append(dst, 0)
	}
	return appendLong(append(dst, 2), int64(srid))
}

// vectorRaw writes the entries as one block of an Avro array; both have their
// floats in little-endian order.
func vectorRaw(_ *column, raw, dst []byte) ([]byte, error) {
	if len(raw)%4 != 0 {
		return dst, errDamage
	}
	if len(raw) > 0 {
		dst = append(appendLong(dst, int64(len(raw)/4)), raw...)
	}
	return append(dst, 0), nil
}
