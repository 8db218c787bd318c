package row

import (
	"encoding/binary"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

type rawFunc = func(c *column, raw, dst []byte) ([]byte, error)

// integerKind has Debezium's types. BIGINT UNSIGNED is a long as well, so a
// value above 2^63-1 turns negative, as in Debezium's mode "long". TINYINT(1)
// is a number like any other: that it was once declared BOOL is lost in SHOW
// CREATE TABLE, and a boolean would lose all values but 0 and 1.
func integerKind(c *table.Column) kind {
	k := kind{avro: sdk.Int, expr: "%s", text: integerText}
	switch c.Type {
	case "TINYINT":
		k.wire, k.raw = mysql.MYSQL_TYPE_TINY, signed(c, int8Raw, uint8Raw)
	case "SMALLINT":
		k.wire, k.raw = mysql.MYSQL_TYPE_SHORT, signed(c, int16Raw, uint16Raw)
	case "MEDIUMINT":
		k.wire, k.raw = mysql.MYSQL_TYPE_INT24, signed(c, int24Raw, uint24Raw)
	case "INT":
		k.wire, k.raw = mysql.MYSQL_TYPE_LONG, signed(c, int32Raw, uint32Raw)
		if c.Unsigned {
			k.avro = sdk.Long
		}
	case "BIGINT":
		k.avro, k.wire, k.raw = sdk.Long, mysql.MYSQL_TYPE_LONGLONG, int64Raw
	}
	return k
}

func signed(c *table.Column, s, u rawFunc) rawFunc {
	if c.Unsigned {
		return u
	}
	return s
}

func int8Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(int8(raw[0]))), nil
}

func uint8Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(raw[0])), nil
}

func int16Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(int16(binary.LittleEndian.Uint16(raw)))), nil
}

func uint16Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(binary.LittleEndian.Uint16(raw))), nil
}

func int24Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(int32(uint24(raw)<<8)>>8)), nil
}

func uint24Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(uint24(raw))), nil
}

func int32Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(int32(binary.LittleEndian.Uint32(raw)))), nil
}

func uint32Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(binary.LittleEndian.Uint32(raw))), nil
}

func int64Raw(_ *column, raw, dst []byte) ([]byte, error) {
	return appendLong(dst, int64(binary.LittleEndian.Uint64(raw))), nil
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }

// integerText is for all integers and YEAR.
func integerText(_ *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeSigned && v.Type != mysql.FieldValueTypeUnsigned {
		return dst, errText
	}
	return appendLong(dst, v.AsInt64()), nil
}

// yearRaw keeps the year 0000, which Debezium's stream shows as 1900 and its
// snapshot as 2000.
func yearRaw(_ *column, raw, dst []byte) ([]byte, error) {
	if raw[0] == 0 {
		return append(dst, 0), nil
	}
	return appendLong(dst, 1900+int64(raw[0])), nil
}
