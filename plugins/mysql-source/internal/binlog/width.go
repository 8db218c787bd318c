package binlog

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// width is how many bytes a value takes: so many, or a length of so many bytes
// and what that says.
type width struct {
	fixed  int
	prefix int
	json   bool
}

// measure finds out how wide the columns are, so that rows nobody wants can be
// counted. A type that is not known makes the table's rows uncountable.
func (t *Table) measure() {
	t.widths = make([]width, len(t.ColumnType))
	for i, typ := range t.ColumnType {
		w, ok := widthOf(typ, t.ColumnMeta[i])
		if !ok {
			t.widths = nil
			return
		}
		t.widths[i] = w
		if w.json {
			t.json++
		}
	}
}

func widthOf(typ byte, meta uint16) (width, bool) {
	switch typ {
	case mysql.MYSQL_TYPE_NULL:
		return width{}, true
	case mysql.MYSQL_TYPE_TINY, mysql.MYSQL_TYPE_YEAR:
		return width{fixed: 1}, true
	case mysql.MYSQL_TYPE_SHORT:
		return width{fixed: 2}, true
	case mysql.MYSQL_TYPE_INT24, mysql.MYSQL_TYPE_DATE, mysql.MYSQL_TYPE_NEWDATE, mysql.MYSQL_TYPE_TIME:
		return width{fixed: 3}, true
	case mysql.MYSQL_TYPE_LONG, mysql.MYSQL_TYPE_FLOAT, mysql.MYSQL_TYPE_TIMESTAMP:
		return width{fixed: 4}, true
	case mysql.MYSQL_TYPE_LONGLONG, mysql.MYSQL_TYPE_DOUBLE, mysql.MYSQL_TYPE_DATETIME:
		return width{fixed: 8}, true
	case mysql.MYSQL_TYPE_TIMESTAMP2:
		return width{fixed: 4 + fraction(meta)}, true
	case mysql.MYSQL_TYPE_DATETIME2:
		return width{fixed: 5 + fraction(meta)}, true
	case mysql.MYSQL_TYPE_TIME2:
		return width{fixed: 3 + fraction(meta)}, true
	case mysql.MYSQL_TYPE_BIT:
		return width{fixed: int(meta>>8) + (int(meta&0xff)+7)/8}, true
	case mysql.MYSQL_TYPE_NEWDECIMAL:
		return width{fixed: decimalSize(int(meta>>8), int(meta&0xff))}, true
	}
	return variableWidth(typ, meta)
}

func variableWidth(typ byte, meta uint16) (width, bool) {
	switch typ {
	case mysql.MYSQL_TYPE_VARCHAR, mysql.MYSQL_TYPE_VAR_STRING, table.TypeVarcharCompressed:
		return prefixed(int(meta)), true
	case mysql.MYSQL_TYPE_BLOB, table.TypeBlobCompressed, mysql.MYSQL_TYPE_GEOMETRY, mysql.MYSQL_TYPE_VECTOR,
		mysql.MYSQL_TYPE_TINY_BLOB, mysql.MYSQL_TYPE_MEDIUM_BLOB, mysql.MYSQL_TYPE_LONG_BLOB:
		return width{prefix: int(meta)}, meta >= 1 && meta <= 4
	case mysql.MYSQL_TYPE_JSON:
		return width{prefix: int(meta), json: true}, meta >= 1 && meta <= 4
	case mysql.MYSQL_TYPE_ENUM, mysql.MYSQL_TYPE_SET:
		return width{fixed: int(meta & 0xff)}, true
	case mysql.MYSQL_TYPE_STRING:
		// The high byte is the real type, or has two bits of a length above 255.
		real, length := byte(meta>>8), int(meta&0xff)
		if real&0x30 != 0x30 {
			length |= int(real&0x30^0x30) << 4
			real |= 0x30
		}
		if real == mysql.MYSQL_TYPE_ENUM || real == mysql.MYSQL_TYPE_SET {
			return width{fixed: length}, true
		}
		return prefixed(length), true
	}
	return width{}, false
}

func prefixed(longest int) width {
	if longest > 255 {
		return width{prefix: 2}
	}
	return width{prefix: 1}
}

func fraction(digits uint16) int { return int(digits+1) / 2 }

func decimalSize(precision, scale int) int {
	left := [...]int{0, 1, 1, 2, 2, 3, 3, 4, 4, 4}
	whole := precision - scale
	if whole < 0 {
		return 0
	}
	return whole/9*4 + left[whole%9] + scale/9*4 + left[scale%9]
}

// Count returns how many rows an event has, without decoding them.
func (t *Table) Count(r *Rows) (uint64, error) {
	if t.widths == nil || uint64(len(t.widths)) != r.Columns {
		return 0, fmt.Errorf("%w: rows of table %s.%s cannot be counted", ErrDamaged, t.Schema, t.Table)
	}
	c := cursor{rest: r.Data}
	var n uint64
	for ; len(c.rest) > 0 && !c.bad; n++ {
		before := len(c.rest)
		t.skip(&c, r.First, false)
		if r.Op == Update {
			t.skip(&c, r.Second, r.Partial)
		}
		c.bad = c.bad || len(c.rest) == before
	}
	if c.bad {
		return 0, fmt.Errorf("%w: rows of table %s.%s", ErrDamaged, t.Schema, t.Table)
	}
	return n, nil
}

// skip passes over one image of the columns in present.
func (t *Table) skip(c *cursor, present []byte, partial bool) {
	if partial && c.lenenc() != 0 {
		c.take(uint64(t.json+7) / 8) // which of the JSON values are differences
	}
	count := 0
	for i := range t.widths {
		if bit(present, i) {
			count++
		}
	}
	nulls := c.take(uint64(count+7) / 8)
	at := 0
	for i := range t.widths {
		if c.bad || !bit(present, i) {
			continue
		}
		if at++; bit(nulls, at-1) {
			continue
		}
		w := t.widths[i]
		if w.prefix > 0 {
			c.take(c.uint(w.prefix))
		} else {
			c.take(uint64(w.fixed))
		}
	}
}

func bit(bits []byte, i int) bool { return bits[i>>3]&(1<<(i&7)) != 0 }
