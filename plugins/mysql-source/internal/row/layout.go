package row

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// layout says where the bytes of a value are in a row image.
type layout struct {
	// typ is the real type, ENUM and SET told from CHAR.
	typ byte
	// prefix is the number of bytes of length before the value, 0 if size tells.
	prefix int
	size   int
	// meta is the event's metadata that describes the value: fractional
	// digits, bits, or precision<<8 | scale.
	meta int
}

// span finds the value at pos, or reports that data ends before it does.
func (l *layout) span(data []byte, pos int) (start, size int, ok bool) {
	size = l.size
	rest := len(data) - pos
	if l.prefix > 0 {
		if rest < l.prefix {
			return 0, 0, false
		}
		size = 0
		for i := range l.prefix {
			size |= int(data[pos+i]) << (8 * i)
		}
		pos, rest = pos+l.prefix, rest-l.prefix
	}
	return pos, size, size <= rest
}

// layoutOf reads the type and metadata of a column in a TABLE_MAP event.
func layoutOf(typ byte, meta uint16) (layout, error) {
	high, low := int(meta>>8), int(meta&0xff)
	switch typ {
	case mysql.MYSQL_TYPE_TINY, mysql.MYSQL_TYPE_YEAR:
		return layout{typ: typ, size: 1}, nil
	case mysql.MYSQL_TYPE_SHORT:
		return layout{typ: typ, size: 2}, nil
	case mysql.MYSQL_TYPE_INT24, mysql.MYSQL_TYPE_DATE:
		return layout{typ: typ, size: 3}, nil
	case mysql.MYSQL_TYPE_LONG, mysql.MYSQL_TYPE_FLOAT:
		return layout{typ: typ, size: 4}, nil
	case mysql.MYSQL_TYPE_LONGLONG, mysql.MYSQL_TYPE_DOUBLE:
		return layout{typ: typ, size: 8}, nil
	case mysql.MYSQL_TYPE_NEWDECIMAL:
		return layout{typ: typ, size: decimalSize(high, low), meta: int(meta)}, nil
	case mysql.MYSQL_TYPE_BIT:
		bits := high*8 + low
		return layout{typ: typ, size: (bits + 7) / 8, meta: bits}, nil
	case mysql.MYSQL_TYPE_STRING:
		return stringLayout(high, low)
	case mysql.MYSQL_TYPE_VARCHAR, mysql.MYSQL_TYPE_VAR_STRING:
		return layout{typ: mysql.MYSQL_TYPE_VARCHAR, prefix: lengthBytes(int(meta))}, nil
	case table.TypeVarcharCompressed:
		return layout{typ: typ, prefix: lengthBytes(int(meta))}, nil
	}
	return wideLayout(typ, int(meta))
}

// wideLayout is for times with fractions, and for values up to 4 GiB.
func wideLayout(typ byte, meta int) (layout, error) {
	fraction := (meta + 1) / 2
	switch typ {
	case mysql.MYSQL_TYPE_TIME2:
		return layout{typ: typ, size: 3 + fraction, meta: meta}, checkDigits(meta)
	case mysql.MYSQL_TYPE_DATETIME2:
		return layout{typ: typ, size: 5 + fraction, meta: meta}, checkDigits(meta)
	case mysql.MYSQL_TYPE_TIMESTAMP2:
		return layout{typ: typ, size: 4 + fraction, meta: meta}, checkDigits(meta)
	case mysql.MYSQL_TYPE_BLOB, mysql.MYSQL_TYPE_JSON, mysql.MYSQL_TYPE_GEOMETRY, mysql.MYSQL_TYPE_VECTOR, table.TypeBlobCompressed:
		if meta < 1 || meta > 4 {
			return layout{}, fmt.Errorf("length of %d bytes in the log: want 1 to 4", meta)
		}
		return layout{typ: typ, prefix: meta}, nil
	case mysql.MYSQL_TYPE_TIME, mysql.MYSQL_TYPE_DATETIME, mysql.MYSQL_TYPE_TIMESTAMP:
		return layout{}, fmt.Errorf("type %d in the log is a time in the form before MySQL 5.6; rebuild the table with ALTER TABLE … FORCE (on MariaDB with mysql56_temporal_format=ON); "+cure.Behind, typ)
	}
	return layout{}, fmt.Errorf("type %d in the log is not supported", typ)
}

// stringLayout tells CHAR, ENUM and SET apart. Two bits of a CHAR's length
// are hidden, inverted, in the byte of the real type.
func stringLayout(typ, length int) (layout, error) {
	if t := byte(typ); t == mysql.MYSQL_TYPE_ENUM || t == mysql.MYSQL_TYPE_SET {
		if length < 1 || length > 8 {
			return layout{}, fmt.Errorf("label of %d bytes in the log: want 1 to 8", length)
		}
		return layout{typ: t, size: length}, nil
	}
	if byte(typ|0x30) != mysql.MYSQL_TYPE_STRING {
		return layout{}, fmt.Errorf("type %d in the log is not supported", typ)
	}
	length |= (typ&0x30 ^ 0x30) << 4
	return layout{typ: mysql.MYSQL_TYPE_STRING, prefix: lengthBytes(length)}, nil
}

// lengthBytes is how many bytes the length of a value of at most n bytes takes.
func lengthBytes(n int) int {
	if n < 256 {
		return 1
	}
	return 2
}

func checkDigits(n int) error {
	if n < 0 || n > 6 {
		return fmt.Errorf("%d fractional digits in the log: want 0 to 6", n)
	}
	return nil
}

// fits reports how the layout differs from what the definition says.
func (c *column) fits(l layout) error {
	want := layout{typ: c.wire, prefix: l.prefix, size: l.size, meta: l.meta}
	switch c.wire {
	case mysql.MYSQL_TYPE_NEWDECIMAL:
		want.meta = c.length<<8 | c.scale
	case mysql.MYSQL_TYPE_BIT:
		want.meta = max(c.length, 1)
	case mysql.MYSQL_TYPE_TIME2, mysql.MYSQL_TYPE_DATETIME2, mysql.MYSQL_TYPE_TIMESTAMP2:
		want.meta = max(c.length, 0)
	case mysql.MYSQL_TYPE_ENUM:
		want.size = lengthBytes(len(c.labels))
	case mysql.MYSQL_TYPE_SET:
		want.size = setSize(len(c.labels))
	case mysql.MYSQL_TYPE_VECTOR:
		if l.typ == mysql.MYSQL_TYPE_VARCHAR { // MariaDB's
			want.typ = l.typ
		}
	}
	if l != want {
		return fmt.Errorf("the log has type %d (%d bytes, metadata %#x), the definition type %d (%d bytes, metadata %#x)", l.typ, l.size, l.meta, want.typ, want.size, want.meta)
	}
	return nil
}

// setSize is how many bytes a SET of n labels takes.
func setSize(n int) int {
	if size := (n + 7) / 8; size <= 4 {
		return size
	}
	return 8
}
