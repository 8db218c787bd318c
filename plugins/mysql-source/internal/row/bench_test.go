package row_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
)

// BenchmarkDecode decodes a row image with its key.
func BenchmarkDecode(b *testing.B) {
	b.Run("sysbench", func(b *testing.B) {
		p := compile(b, "id INT NOT NULL PRIMARY KEY, k INT NOT NULL DEFAULT 0, c CHAR(120) NOT NULL DEFAULT '', pad CHAR(60) NOT NULL DEFAULT ''")
		data := []byte{0}
		data = binary.LittleEndian.AppendUint32(data, 4711)
		data = binary.LittleEndian.AppendUint32(data, 1234567)
		data = append(append(data, 119, 0), strings.Repeat("83868641912-", 10)[:119]...)
		data = append(append(data, 59), strings.Repeat("67847967377-", 5)[:59]...)
		decode(b, binlog(b, p, event(3, 0, 3, 0, 254, 0xee<<8|0xe0, 254, 254<<8|240)), data, []byte{15})
	})
	b.Run("40 columns", func(b *testing.B) {
		columns, types, raw := wideRow()
		image := binlog(b, compile(b, columns), event(types...))
		decode(b, image, append(make([]byte, 5), raw...), bytes.Repeat([]byte{0xff}, 5))
	})
}

func decode(b *testing.B, image *row.Image, data, bitmap []byte) {
	b.Helper()
	var out row.Row
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if n, err := image.Decode(data, bitmap, &out); err != nil || n != len(data) {
			b.Fatal(n, err)
		}
	}
}

// wideRow has forty columns, five each of eight types.
func wideRow() (columns string, types []uint16, raw []byte) {
	of := []struct {
		column    string
		typ, meta uint16
		raw       string
	}{
		{"BIGINT NOT NULL", 8, 0, "\x01\x02\x03\x04\x05\x06\x07\x00"},
		{"INT", 3, 0, "\x01\x02\x03\x00"},
		{"DECIMAL(18,4)", 246, 18<<8 | 4, "\x80\x00\x01\x02\x03\x04\x05\x00\x07"},
		{"VARCHAR(64)", 15, 256, "\x0c\x00hello, world"},
		{"DATETIME(6)", 18, 6, "\x99\xa5\x02\x30\xc5\x00\x00\x01"},
		{"TIMESTAMP NULL", 17, 0, "\x60\x00\x00\x01"},
		{"VARCHAR(20) CHARACTER SET latin1", 15, 20, "\x04\xe9t\xe9s"},
		{"JSON", 245, 4, "\x0d\x00\x00\x00\x00\x01\x00\x0c\x00\x0b\x00\x01\x00\x05\x07\x00k"},
	}
	var list []string
	for i := range 40 {
		c := of[i%len(of)]
		list = append(list, fmt.Sprintf("c%d %s", i, c.column))
		types = append(types, c.typ, c.meta)
		raw = append(raw, c.raw...)
	}
	return strings.Join(list, ", "), types, raw
}
