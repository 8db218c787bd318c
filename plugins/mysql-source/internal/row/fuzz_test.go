package row_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/sdk"
)

// FuzzImage_Decode wants of any bytes an error, or a row that reads back by its
// schema, and never a panic.
func FuzzImage_Decode(f *testing.F) {
	var columns []string
	var types []uint16
	for _, c := range imageCases {
		columns = append(columns, "`c"+string(rune('a'+len(columns)/26))+string(rune('a'+len(columns)%26))+"` "+c.column)
		types = append(types, c.typ, c.meta)
	}
	all := binlog(f, compile(f, strings.Join(columns, ",")), event(types...))
	for _, c := range imageCases {
		f.Add([]byte("\x00"+c.raw), []byte{1}, c.column)
	}
	f.Fuzz(func(t *testing.T, data, bitmap []byte, column string) {
		var out row.Row
		_, _ = all.Decode(data, bitmap, &out)
		_, _ = all.Decode(data, []byte(strings.Repeat("\xff", 20)), &out)
		for _, c := range imageCases {
			if c.column != column {
				continue
			}
			p := compile(t, "`c` "+c.column)
			n, err := binlog(t, p, event(c.typ, c.meta)).Decode(data, bitmap, &out)
			if err != nil {
				continue
			}
			if n > len(data) {
				t.Fatalf("took %d of %d bytes", n, len(data))
			}
			text := printRow(t, p.Schema(), out.Value)[0]
			if p.Schema().Columns[0].Type == sdk.String && !utf8.ValidString(text) {
				t.Fatalf("%q is not UTF-8", text)
			}
		}
	})
}

// FuzzPlan_FromText does the same for text rows.
func FuzzPlan_FromText(f *testing.F) {
	columns := []string{"DECIMAL(30,10)", "DATE", "TIME(6)", "DATETIME(6)", "TIMESTAMP(6)", "JSON", "TEXT", "BIT(9)", "POINT", "VECTOR(3)", "CHAR(9) CHARACTER SET utf16"}
	for _, s := range []string{"-1.5", "2020-01-02", "-838:59:59.000001", "2020-01-02 03:04:05.6", "1.5", `{"a": [1.0, "\u001f"]}`, "a\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, c := range columns {
			p := compile(t, "`c` "+c)
			var out row.Row
			if err := p.FromText([]mysql.FieldValue{mysql.NewFieldValue(mysql.FieldValueTypeString, 0, text)}, &out); err == nil {
				printRow(t, p.Schema(), out.Value)
			}
		}
	})
}
