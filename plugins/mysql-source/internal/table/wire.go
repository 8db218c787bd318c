package table

import (
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// wireFormat is what a TABLE_MAP event says of a column.
type wireFormat struct {
	code byte
	// old is the code of the same type as tables of MySQL 5.5 and earlier have it.
	old       byte
	meta      uint16
	checkMeta bool
	// other is the format of the same type on MariaDB, nil where it is the same.
	other *wireFormat
}

// Types of MariaDB's COMPRESSED columns, which the log alone knows.
const (
	TypeBlobCompressed    = 140
	TypeVarcharCompressed = 141
)

// fixed are the types without metadata, or whose metadata is always the same.
var fixed = map[string]wireFormat{
	"TINYINT": {code: mysql.MYSQL_TYPE_TINY}, "SMALLINT": {code: mysql.MYSQL_TYPE_SHORT},
	"MEDIUMINT": {code: mysql.MYSQL_TYPE_INT24}, "INT": {code: mysql.MYSQL_TYPE_LONG},
	"BIGINT": {code: mysql.MYSQL_TYPE_LONGLONG}, "YEAR": {code: mysql.MYSQL_TYPE_YEAR},
	"FLOAT":    {code: mysql.MYSQL_TYPE_FLOAT, meta: 4, checkMeta: true},
	"DOUBLE":   {code: mysql.MYSQL_TYPE_DOUBLE, meta: 8, checkMeta: true},
	"DATE":     {code: mysql.MYSQL_TYPE_DATE},
	"JSON":     {code: mysql.MYSQL_TYPE_JSON, meta: 4, checkMeta: true},
	"UUID":     sized(mysql.MYSQL_TYPE_STRING, stringMeta(16)),
	"INET6":    sized(mysql.MYSQL_TYPE_STRING, stringMeta(16)),
	"INET4":    sized(mysql.MYSQL_TYPE_STRING, stringMeta(4)),
	"TINYTEXT": blob(1), "TINYBLOB": blob(1), "TEXT": blob(2), "BLOB": blob(2),
	"MEDIUMTEXT": blob(3), "MEDIUMBLOB": blob(3), "LONGTEXT": blob(4), "LONGBLOB": blob(4),
}

// blob is a type whose length takes so many bytes in a row.
func blob(lengthBytes uint16) wireFormat {
	return wireFormat{code: mysql.MYSQL_TYPE_BLOB, meta: lengthBytes, checkMeta: true}
}

var spatial = map[string]bool{
	"GEOMETRY": true, "POINT": true, "LINESTRING": true, "POLYGON": true, "MULTIPOINT": true,
	"MULTILINESTRING": true, "MULTIPOLYGON": true, "GEOMETRYCOLLECTION": true,
}

// IsSpatial reports whether the column holds geometries.
func (c *Column) IsSpatial() bool { return spatial[c.Type] }

// wire gives the format of a column; false for a type it does not know, of
// which an event can prove nothing.
func wire(c *Column) (wireFormat, bool) {
	if f, ok := fixed[c.Type]; ok {
		return c.compressed(f), true
	}
	if c.IsSpatial() {
		return wireFormat{code: mysql.MYSQL_TYPE_GEOMETRY, meta: 4, checkMeta: true}, true
	}
	switch c.Type {
	case "DECIMAL":
		return sized(mysql.MYSQL_TYPE_NEWDECIMAL, uint16(c.Length)<<8|uint16(c.Scale)), true
	case "BIT":
		return sized(mysql.MYSQL_TYPE_BIT, uint16(c.Length/8)<<8|uint16(c.Length%8)), true
	case "TIMESTAMP":
		return fractional(mysql.MYSQL_TYPE_TIMESTAMP2, mysql.MYSQL_TYPE_TIMESTAMP, c.Length), true
	case "DATETIME":
		return fractional(mysql.MYSQL_TYPE_DATETIME2, mysql.MYSQL_TYPE_DATETIME, c.Length), true
	case "TIME":
		return fractional(mysql.MYSQL_TYPE_TIME2, mysql.MYSQL_TYPE_TIME, c.Length), true
	case "VARCHAR", "VARBINARY":
		return c.compressed(sized(mysql.MYSQL_TYPE_VARCHAR, uint16(c.bytes()))), true
	case "VECTOR":
		vector := sized(mysql.MYSQL_TYPE_VECTOR, 4)
		mariadb := sized(mysql.MYSQL_TYPE_VARCHAR, uint16(4*c.Length))
		vector.other = &mariadb
		return vector, true
	case "CHAR", "BINARY":
		return sized(mysql.MYSQL_TYPE_STRING, stringMeta(c.bytes())), true
	case "ENUM":
		return sized(mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_ENUM)<<8|uint16(c.LabelBytes())), true
	case "SET":
		return sized(mysql.MYSQL_TYPE_STRING, uint16(mysql.MYSQL_TYPE_SET)<<8|uint16(c.LabelBytes())), true
	}
	return wireFormat{}, false
}

// compressed gives the format that MariaDB's COMPRESSED makes of another.
func (c *Column) compressed(f wireFormat) wireFormat {
	switch {
	case !c.Compressed:
	case f.code == mysql.MYSQL_TYPE_BLOB:
		f.code = TypeBlobCompressed
	case f.code == mysql.MYSQL_TYPE_VARCHAR:
		f.code = TypeVarcharCompressed
		f.meta++ // a byte says how the value is compressed
	}
	return f
}

func sized(code byte, meta uint16) wireFormat {
	return wireFormat{code: code, meta: meta, checkMeta: true}
}

func fractional(code, old byte, digits int) wireFormat {
	return wireFormat{code: code, old: old, meta: uint16(digits), checkMeta: true}
}

// bytes is the room that a column of given length takes at most.
func (c *Column) bytes() int {
	if cs, ok := LookupCharset(c.Charset); ok {
		return c.Length * cs.MaxBytes
	}
	return c.Length
}

// stringMeta packs a length of up to 1023 bytes into type and size: the two
// high bits of the length are kept, inverted, in the type byte.
func stringMeta(length int) uint16 {
	code := uint16(mysql.MYSQL_TYPE_STRING) ^ uint16(length&0x300)>>4
	return code<<8 | uint16(length&0xff)
}

// LabelBytes is the number of bytes that a value of ENUM or SET takes in a row.
func (c *Column) LabelBytes() int {
	n := len(c.Values)
	switch {
	case c.Type == "ENUM" && n < 256:
		return 1
	case c.Type == "ENUM":
		return 2
	case n > 32:
		return 8
	}
	return (n + 7) / 8
}

// describe gives a column's type as a statement would.
func describe(c *Column) string {
	var b strings.Builder
	b.WriteString(c.Type)
	switch {
	case c.Length != Unset && c.Scale != Unset:
		fmt.Fprintf(&b, "(%d,%d)", c.Length, c.Scale)
	case c.Length != Unset:
		fmt.Fprintf(&b, "(%d)", c.Length)
	case len(c.Values) > 0:
		fmt.Fprintf(&b, " of %d labels", len(c.Values))
	}
	if c.Charset != "" {
		b.WriteString(" " + c.Charset)
	}
	return b.String()
}

func wireName(code byte, meta uint16) string {
	return fmt.Sprintf("type %d with metadata %#04x", code, meta)
}
