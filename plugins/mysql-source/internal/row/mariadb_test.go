package row_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// parseMariaDB reads a table from the columns and options of a CREATE TABLE.
func parseMariaDB(t testing.TB, columns, options string) *table.Table {
	t.Helper()
	def, err := ddl.ParseTable("d", "CREATE TABLE `t` ("+columns+") DEFAULT CHARSET=utf8mb4 "+options, ddl.Mode{MariaDB: true})
	if err != nil {
		t.Fatal(err)
	}
	return def
}

func compileMariaDB(t testing.TB, columns, options string, include func(string) bool) *row.Plan {
	t.Helper()
	p, err := row.Compile(parseMariaDB(t, columns, options), include)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func deflated(t *testing.T, head string, bare bool, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = zlib.NewWriter(&b)
	if bare {
		w, _ = flate.NewWriter(&b, 6)
	}
	_, _ = io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return head + b.String()
}

func TestDecode_MariaDB(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 300)
	tests := map[string]struct {
		column    string
		typ, meta uint16
		raw, want string // raw without its length
	}{
		"UUID":                      {"UUID", 254, 0xfe10, "\x12\x3e\x45\x67\xe8\x9b\x12\xd3\xa4\x56\x42\x66\x55\x44", "123e4567-e89b-12d3-a456-426655440000"},
		"UUID of zeros":             {"UUID", 254, 0xfe10, "", "00000000-0000-0000-0000-000000000000"},
		"INET4 of spaces":           {"INET4", 254, 0xfe04, "    ", "32.32.32.32"},
		"INET4 without its zeros":   {"INET4", 254, 0xfe04, "\x0a", "10.0.0.0"},
		"INET6":                     {"INET6", 254, 0xfe10, "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\xff\x00\x00\x42\x83\x29", "2001:db8::ff00:42:8329"},
		"INET6 without its zeros":   {"INET6", 254, 0xfe10, "\x20\x20", "2020::"},
		"INET6 of zeros":            {"INET6", 254, 0xfe10, "", "::"},
		"INET6 that maps INET4":     {"INET6", 254, 0xfe10, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x01\x02\x03\x04", "::ffff:1.2.3.4"},
		"not compressed":            {"TEXT COMPRESSED", 140, 2, "\x00é", "é"},
		"compressed and empty":      {"TEXT COMPRESSED", 140, 2, "", ""},
		"compressed":                {"TEXT COMPRESSED", 140, 2, deflated(t, "\x82\x02\x58", false, long), long},
		"compressed without a wrap": {"VARCHAR(300) COMPRESSED", 141, 1201, deflated(t, "\x8a\x02\x58", true, long), long},
		"compressed latin1":         {"VARCHAR(600) CHARACTER SET latin1 COMPRESSED", 141, 601, deflated(t, "\x81\x03", false, "a\xe9b"), "aéb"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			image := binlog(t, compileMariaDB(t, "c "+tt.column+" NOT NULL", "", nil), event(tt.typ, tt.meta))
			data := []byte{0xfe, byte(len(tt.raw))}
			if tt.typ != 254 {
				data = append(data, byte(len(tt.raw)>>8))
			}
			var out row.Row
			if n, err := image.Decode(append(data, tt.raw...), []byte{1}, &out); err != nil || n != len(data)+len(tt.raw) {
				t.Fatalf("got %d, %v", n, err)
			}
			want := []byte{byte(len(tt.want) << 1)}
			if len(tt.want) > 63 {
				want = []byte{byte(len(tt.want)<<1) | 0x80, byte(len(tt.want) >> 6)}
			}
			if diff := cmp.Diff(string(want)+tt.want, string(out.Value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecode_compressedDamage(t *testing.T) {
	t.Parallel()
	image := binlog(t, compileMariaDB(t, "c BLOB COMPRESSED NOT NULL", "", nil), event(140, 2))
	for name, raw := range map[string]string{
		"method":      "\x12abc",
		"no length":   "\x80abc",
		"cut":         "\x84\x00",
		"no zlib":     "\x82\x00\x05abcdef",
		"short of it": deflated(t, "\x81\x09", false, "abc"),
		"beyond it":   deflated(t, "\x81\x02", false, "abc"),
	} {
		if _, err := image.Decode(append([]byte{0xfe, byte(len(raw)), 0}, raw...), []byte{1}, &row.Row{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A compressed value is selected as what it holds.
func TestFromText_compressed(t *testing.T) {
	t.Parallel()
	p := compileMariaDB(t, "c BLOB COMPRESSED NOT NULL", "", nil)
	v := mysql.NewFieldValue(mysql.FieldValueTypeString, 0, []byte("\x82\x02"))
	var out row.Row
	if err := p.FromText([]mysql.FieldValue{v}, &out); err != nil || string(out.Value) != "\x04\x82\x02" {
		t.Errorf("got %q, %v", out.Value, err)
	}
}

const (
	rowStart = "\x6b\x09\x5e\xb0\x02\x33\xe9"
	past     = "\x6b\x09\x5e\xb0\x02\x36\x6e"
	current  = "\x7f\xff\xff\xff\x0f\x42\x3f"
	current2 = "\xff\xff\xff\xff\x0f\x42\x3f"
)

func TestDecode_versioned(t *testing.T) {
	t.Parallel()
	hidden := compileMariaDB(t, "id INT NOT NULL, t TEXT UNIQUE", "WITH SYSTEM VERSIONING", nil)
	withHash := event(3, 0, 252, 2, 17, 6, 17, 6, 8, 0)
	withHash.NullBitmap = []byte{0x12}
	declared := compileMariaDB(t, "e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, id INT NOT NULL, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, PERIOD FOR SYSTEM_TIME (s, e)", "WITH SYSTEM VERSIONING",
		func(c string) bool { return c == "id" })
	tests := map[string]struct {
		image      *row.Image
		bitmap     byte
		data, want string
		past       bool
	}{
		"current":                  {binlog(t, hidden, withHash), 0x1f, "\xe0\x01\x00\x00\x00\x01\x00a" + rowStart + current + "12345678", "\x02\x02\x02a", false},
		"current since 11.5":       {binlog(t, hidden, withHash), 0x1f, "\xe0\x01\x00\x00\x00\x01\x00a" + rowStart + current2 + "12345678", "\x02\x02\x02a", false},
		"past":                     {binlog(t, hidden, withHash), 0x1f, "\xe0\x01\x00\x00\x00\x01\x00a" + rowStart + past + "12345678", "\x02\x02\x02a", true},
		"without its hash":         {binlog(t, hidden, withHash), 0x0f, "\xf2\x01\x00\x00\x00" + rowStart + current, "\x02\x00", false},
		"past, without its hash":   {binlog(t, hidden, withHash), 0x0f, "\xf0\x01\x00\x00\x00\x01\x00a" + rowStart + past, "\x02\x02\x02a", true},
		"declared, not captured":   {binlog(t, declared, event(17, 6, 3, 0, 17, 6)), 0x07, "\xf8" + current + "\x01\x00\x00\x00" + rowStart, "\x02", false},
		"declared, of the past":    {binlog(t, declared, event(17, 6, 3, 0, 17, 6)), 0x07, "\xf8" + past + "\x01\x00\x00\x00" + rowStart, "\x02", true},
		"last second, not its end": {binlog(t, declared, event(17, 6, 3, 0, 17, 6)), 0x07, "\xf8\x7f\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00" + rowStart, "\x02", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := row.Row{Past: !tt.past}
			n, err := tt.image.Decode([]byte(tt.data), []byte{tt.bitmap}, &out)
			if err != nil || n != len(tt.data) || string(out.Value) != tt.want || out.Past != tt.past || !tt.image.Versioned() {
				t.Errorf("got %q, past %v, %d bytes, %v", out.Value, out.Past, n, err)
			}
		})
	}
}

// Generated columns may be missing from an image if they are not captured.
func TestDecode_generated(t *testing.T) {
	t.Parallel()
	const columns = "id INT NOT NULL, g INT AS (n + 1) VIRTUAL, n INT NOT NULL"
	types := event(3, 0, 3, 0, 3, 0)
	types.NullBitmap = []byte{2}
	without := binlog(t, compileMariaDB(t, columns, "", func(c string) bool { return c != "g" }), types)
	var out row.Row
	for bitmap, data := range map[byte]string{5: "\xfc\x01\x00\x00\x00\x02\x00\x00\x00", 7: "\xf8\x01\x00\x00\x00\x09\x00\x00\x00\x02\x00\x00\x00"} {
		if _, err := without.Decode([]byte(data), []byte{bitmap}, &out); err != nil || string(out.Value) != "\x02\x04" {
			t.Errorf("bitmap %x: got %q, %v", bitmap, out.Value, err)
		}
	}
	if _, err := without.Decode([]byte("\xfe\x01\x00\x00\x00"), []byte{1}, &out); err == nil || !strings.Contains(err.Error(), "binlog_row_image=FULL") {
		t.Errorf("another column is missing as well: %v", err)
	}
	captured := compileMariaDB(t, columns, "", nil)
	_, err := binlog(t, captured, types).Decode([]byte("\xfc\x01\x00\x00\x00\x02\x00\x00\x00"), []byte{5}, &out)
	for _, err := range []error{err, captured.CheckGenerated()} {
		if err == nil || !strings.Contains(err.Error(), "column g is generated") || !strings.Contains(err.Error(), "exclude.columns") {
			t.Errorf("got %v", err)
		}
	}
}

func TestCompile_byTransaction(t *testing.T) {
	t.Parallel()
	def := parseMariaDB(t, "id INT, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)", "WITH SYSTEM VERSIONING")
	if _, err := row.Compile(def, nil); err == nil || !strings.Contains(err.Error(), "exclude the table") {
		t.Errorf("got %v", err)
	}
}
