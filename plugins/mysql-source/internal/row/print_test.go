package row_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// printRow decodes a row by its schema, one text a column.
func printRow(t *testing.T, s *sdk.RowSchema, value []byte) []string {
	t.Helper()
	r := avro.NewReader(value)
	texts := make([]string, len(s.Columns))
	for i := range s.Columns {
		texts[i] = printColumn(r, &s.Columns[i])
		if r.Error != nil {
			t.Fatalf("column %s of %x: %v", s.Columns[i].Name, value, r.Error)
		}
	}
	if rest := r.Peek(); r.Error == nil {
		t.Fatalf("after the last column of %x comes %x", value, rest)
	}
	return texts
}

func printColumn(r *avro.Reader, c *sdk.Column) string {
	if c.Nullable && r.ReadLong() != c.ValueIndex() {
		return "NULL"
	}
	switch c.Type {
	case sdk.Boolean:
		return fmt.Sprint(r.ReadBool())
	case sdk.Int, sdk.Long:
		return fmt.Sprint(r.ReadLong())
	case sdk.Float:
		return fmt.Sprint(r.ReadFloat())
	case sdk.Double:
		return fmt.Sprint(r.ReadDouble())
	case sdk.String:
		return r.ReadString()
	case sdk.Geometry:
		return fmt.Sprintf("%x srid %s", r.ReadBytes(), printSRID(r))
	case sdk.Point:
		return fmt.Sprintf("%v %v %d %x srid %s", r.ReadDouble(), r.ReadDouble(), r.ReadLong(), r.ReadBytes(), printSRID(r))
	case sdk.Vector:
		return printVector(r)
	}
	return fmt.Sprintf("%x", r.ReadBytes())
}

func printSRID(r *avro.Reader) string {
	if r.ReadLong() == 0 {
		return "NULL"
	}
	return fmt.Sprint(r.ReadInt())
}

func printVector(r *avro.Reader) string {
	var floats []string
	for n := r.ReadLong(); n > 0; n = r.ReadLong() {
		for range n {
			floats = append(floats, fmt.Sprint(r.ReadFloat()))
		}
	}
	return strings.Join(floats, " ")
}
