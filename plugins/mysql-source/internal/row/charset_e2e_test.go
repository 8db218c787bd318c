//go:build e2e

package row_test

import (
	"bytes"
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// everyCharacter selects all strings of one and two bytes and many of three
// and four that are well formed in a character set, and the server's
// conversion of each.
const everyCharacter = `
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i<65535),
	b AS (SELECT unhex(lpad(hex(i),2,'0')) AS x FROM n WHERE i<256
		UNION ALL SELECT unhex(lpad(hex(i),4,'0')) FROM n WHERE i>=256
		UNION ALL SELECT concat(unhex('8F'), unhex(lpad(hex(i),4,'0'))) FROM n WHERE i>=32768
		UNION ALL SELECT unhex(lpad(hex(i*5),8,'0')) FROM n
		UNION ALL SELECT concat(unhex('8130'), unhex(lpad(hex(i),4,'0'))) FROM n WHERE i>=32768
		UNION ALL SELECT concat(unhex('D83D'), unhex(lpad(hex(i),4,'0'))) FROM n WHERE i>=56320 AND i<57344)
	SELECT x, CAST(CONVERT(CONVERT(x USING %[1]s) USING utf8mb4) AS BINARY) FROM b
	WHERE CONVERT(x USING %[1]s) IS NOT NULL AND CAST(CONVERT(x USING %[1]s) AS BINARY) = x`

func TestCharsets(t *testing.T) {
	conn := connect(t)
	for _, name := range charsetNames(t, conn) {
		t.Run(name, func(t *testing.T) {
			p, err := row.Compile(&table.Table{Database: "d", Name: "t", Columns: []table.Column{
				{Name: "c", Type: "VARCHAR", Length: 10, Scale: table.Unset, Charset: name},
			}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := conn.Execute(fmt.Sprintf(everyCharacter, name))
			if err != nil {
				t.Fatal(err)
			}
			compared := 0
			for _, v := range r.Values {
				raw, want := v[0].AsString(), v[1].AsString()
				if name == "ascii" && bytes.ContainsFunc(raw, func(r rune) bool { return r >= utf8.RuneSelf }) {
					continue
				}
				compared += compareCharacter(t, p, raw, want)
			}
			if compared < 128 {
				t.Errorf("compared %d characters, want 128 at least", compared)
			}
		})
	}
}

// compareCharacter counts what it compares: not what the server cannot convert,
// or drops.
func compareCharacter(t *testing.T, p *row.Plan, raw, want []byte) int {
	t.Helper()
	value := mysql.NewFieldValue(mysql.FieldValueTypeString, 0, raw)
	var out row.Row
	if err := p.FromText([]mysql.FieldValue{value}, &out); err != nil {
		t.Fatal(err)
	}
	got := out.Value[1:]
	if len(want) == 0 || bytes.ContainsRune(want, '?') || bytes.ContainsRune(want, utf8.RuneError) ||
		len(want) < len(got) && bytes.Equal(bytes.ReplaceAll(got, []byte("\ufffd"), nil), want) {
		return 0
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%x: got %q, want %q", raw, got, want)
	}
	return 1
}
