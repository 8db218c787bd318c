package row

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// A label is selected as its number, so that it comes from the definition in
// both phases, unharmed by the session's character set.

func enumRaw(c *column, raw, dst []byte) ([]byte, error) {
	return c.appendEnum(littleEndian(raw), dst)
}

func enumText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeUnsigned {
		return dst, errText
	}
	return c.appendEnum(v.AsUint64(), dst)
}

// appendEnum writes a label by its number; 0 is the empty string that MySQL
// stores for an invalid one.
func (c *column) appendEnum(n uint64, dst []byte) ([]byte, error) {
	if n >= uint64(len(c.enum)) {
		return dst, fmt.Errorf("label %d of an ENUM with %d labels: "+cure.Definition, n, len(c.labels))
	}
	return append(dst, c.enum[n]...), nil
}

func checkSet(c *table.Column) error {
	if len(c.Values) > 64 {
		return fmt.Errorf("SET with %d labels: want at most 64", len(c.Values))
	}
	return nil
}

func setRaw(c *column, raw, dst []byte) ([]byte, error) {
	return c.appendSet(littleEndian(raw), dst)
}

func setText(c *column, v *mysql.FieldValue, dst []byte) ([]byte, error) {
	if v.Type != mysql.FieldValueTypeUnsigned {
		return dst, errText
	}
	return c.appendSet(v.AsUint64(), dst)
}

// appendSet writes the labels of the bits that are set, joined by commas.
func (c *column) appendSet(mask uint64, dst []byte) ([]byte, error) {
	if mask>>len(c.labels) != 0 && len(c.labels) < 64 {
		return dst, fmt.Errorf("labels %#x of a SET with %d labels: "+cure.Definition, mask, len(c.labels))
	}
	dst = begin(dst)
	start := len(dst)
	for i := range c.labels {
		if mask&(1<<i) == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, c.labels[i]...)
	}
	return end(dst, start), nil
}

func littleEndian(b []byte) (v uint64) {
	for i, x := range b {
		v |= uint64(x) << (8 * i)
	}
	return v
}
