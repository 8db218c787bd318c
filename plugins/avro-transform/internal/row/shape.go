package row

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/sdk"
)

// ErrRow is returned for bytes that are no row of the schema.
var ErrRow = errors.New("row does not fit its schema")

// Shape is the form of a row, or of a key, in bytes.
type Shape struct {
	columns []column
	fields  []string
}

type column struct {
	kind     kind
	nullable bool
	// value is the index of the value in a nullable column's union, as it is
	// encoded: 0x00 for the first branch, 0x02 for the second.
	value byte
	// scale of a decimal, -1 for other bytes.
	scale int
}

// New compiles the shape of the columns with the given indexes. fields are the
// names in Avro of all columns of the row.
func New(row *sdk.RowSchema, fields []string, indexes []int) (*Shape, error) {
	s := &Shape{}
	for _, i := range indexes {
		if i < 0 || i >= len(row.Columns) || i >= len(fields) {
			return nil, fmt.Errorf("%w: no column %d", ErrRow, i)
		}
		c := &row.Columns[i]
		k, ok := kinds[c.Type]
		if !ok {
			return nil, fmt.Errorf("%w: column %q has the unknown type %q", ErrRow, c.Name, c.Type)
		}
		s.columns = append(s.columns, column{kind: k, nullable: c.Nullable, value: byte(c.ValueIndex() << 1), scale: scaleOf(c)})
		s.fields = append(s.fields, fields[i])
	}
	return s, nil
}

// All returns the indexes of all columns.
func All(row *sdk.RowSchema) []int {
	all := make([]int, len(row.Columns))
	for i := range all {
		all[i] = i
	}
	return all
}

// Check proves that b is one row and nothing behind it.
func (s *Shape) Check(b []byte) error {
	at := 0
	for i := range s.columns {
		c := &s.columns[i]
		from := at
		if c.nullable {
			if at >= len(b) || b[at]&^2 != 0 {
				return s.fault(i, b, from)
			}
			at++
			if b[from] != c.value {
				continue
			}
		}
		if at = skip(b, at, c.kind); at < 0 {
			return s.fault(i, b, from)
		}
	}
	if at != len(b) {
		return fmt.Errorf("%w: %d bytes, of which the last %d belong to no column", ErrRow, len(b), len(b)-at)
	}
	return nil
}

func (s *Shape) fault(i int, b []byte, at int) error {
	return fmt.Errorf("%w: field %q at byte %d of %d", ErrRow, s.fields[i], at, len(b))
}

func scaleOf(c *sdk.Column) int {
	switch c.Native.Name {
	case "DECIMAL", "NUMERIC":
		return max(c.Native.Scale, 0)
	case "BIGINT":
		return 0
	default:
		return -1
	}
}
