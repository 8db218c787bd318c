package row_test

import (
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
)

// imageCases are columns as a definition and an event describe them, the bytes
// of a value in a row image, and the bytes wanted.
var imageCases = map[string]struct {
	column    string
	typ, meta uint16
	raw, want string
}{
	"TINYINT is signed":                        {"TINYINT NOT NULL", 1, 0, "\x80", "\xff\x01"},
	"TINYINT UNSIGNED is not":                  {"TINYINT UNSIGNED NOT NULL", 1, 0, "\xff", "\xfe\x03"},
	"SMALLINT is little-endian":                {"SMALLINT NOT NULL", 2, 0, "\x02\x01", "\x84\x04"},
	"MEDIUMINT extends its sign":               {"MEDIUMINT NOT NULL", 9, 0, "\xff\xff\xff", "\x01"},
	"INT UNSIGNED is a long":                   {"INT UNSIGNED NOT NULL", 3, 0, "\xff\xff\xff\xff", "\xfe\xff\xff\xff\x1f"},
	"BIGINT UNSIGNED above 2^63 is negative":   {"BIGINT UNSIGNED NOT NULL", 8, 0, "\xff\xff\xff\xff\xff\xff\xff\xff", "\x01"},
	"FLOAT keeps its bytes":                    {"FLOAT NOT NULL", 4, 4, "\x00\x00\x80\x3f", "\x00\x00\x80\x3f"},
	"FLOAT(M,D) becomes a double":              {"FLOAT(7,4) NOT NULL", 4, 4, "\x00\x00\x80\x3f", "\x00\x00\x00\x00\x00\x00\xf0\x3f"},
	"DOUBLE keeps its bytes":                   {"DOUBLE NOT NULL", 5, 8, "\x00\x00\x00\x00\x00\x00\xf0\x3f", "\x00\x00\x00\x00\x00\x00\xf0\x3f"},
	"DECIMAL is unscaled":                      {"DECIMAL(10,2) NOT NULL", 246, 10<<8 | 2, "\x80\x00\x00\x01\x32", "\x04\x00\x96"},
	"negative DECIMAL":                         {"DECIMAL(10,2) NOT NULL", 246, 10<<8 | 2, "\x7f\xff\xff\xfe\xe3", "\x02\x80"},
	"DECIMAL of 20 digits":                     {"DECIMAL(20,0) NOT NULL", 246, 20 << 8, "\x80\x3b\x9a\xc9\xff\x3b\x9a\xc9\xff", "\x10\x0d\xe0\xb6\xb3\xa7\x63\xff\xff"},
	"BIT(1) is a boolean":                      {"BIT(1) NOT NULL", 16, 1, "\x01", "\x01"},
	"BIT(12) turns to little-endian":           {"BIT(12) NOT NULL", 16, 1<<8 | 4, "\x0a\xbc", "\x04\xbc\x0a"},
	"CHAR loses trailing spaces":               {"CHAR(5) NOT NULL", 254, 254<<8 | 20, "\x04ab  ", "\x04ab"},
	"CHAR of more than 255 bytes":              {"CHAR(100) NOT NULL", 254, 0xee<<8 | 0x90, "\x02\x00ab", "\x04ab"},
	"VARCHAR keeps them":                       {"VARCHAR(5) NOT NULL", 15, 20, "\x03a  ", "\x06a  "},
	"VARCHAR of more than 255 bytes":           {"VARCHAR(500) NOT NULL", 15, 2000, "\x40\x00" + strings.Repeat("a", 64), "\x80\x01" + strings.Repeat("a", 64)},
	"latin1 is cp1252":                         {"VARCHAR(5) CHARACTER SET latin1 NOT NULL", 15, 5, "\x02\xe9\x80", "\x0aé€"},
	"latin1 that moves behind a longer length": {"VARCHAR(99) CHARACTER SET latin1 NOT NULL", 15, 99, "\x20" + strings.Repeat("\xe9", 32), "\x80\x01" + strings.Repeat("é", 32)},
	"gbk":                                   {"VARCHAR(5) CHARACTER SET gbk NOT NULL", 15, 10, "\x03a\xba\xba", "\x08a汉"},
	"sjis by MySQL's table":                 {"VARCHAR(5) CHARACTER SET sjis NOT NULL", 15, 10, "\x03\x81\x60\xb1", "\x0c〜ｱ"},
	"utf16 with a pair":                     {"VARCHAR(5) CHARACTER SET utf16 NOT NULL", 15, 20, "\x06\x00a\xd8\x3d\xde\x00", "\x0aa😀"},
	"bytes that are no UTF-8 become U+FFFD": {"VARCHAR(5) NOT NULL", 15, 20, "\x02a\xff", "\x08a\ufffd"},
	"BINARY is padded":                      {"BINARY(3) NOT NULL", 254, 254<<8 | 3, "\x01a", "\x06a\x00\x00"},
	"BLOB":                                  {"BLOB NOT NULL", 252, 2, "\x02\x00\x00\xff", "\x04\x00\xff"},
	"ENUM is its label":                     {"ENUM('a','bc') NOT NULL", 254, 247<<8 | 1, "\x02", "\x04bc"},
	"ENUM 0 is empty":                       {"ENUM('a','bc') NOT NULL", 254, 247<<8 | 1, "\x00", "\x00"},
	"SET joins its labels":                  {"SET('a','b','c') NOT NULL", 254, 248<<8 | 1, "\x05", "\x06a,c"},
	"YEAR 0000 stays":                       {"YEAR NOT NULL", 13, 0, "\x00", "\x00"},
	"YEAR":                                  {"YEAR NOT NULL", 13, 0, "\x78", "\xc8\x1f"},
	"DATE before 1970":                      {"DATE NOT NULL", 10, 0, "\x9f\x63\x0f", "\x01"},
	"zero DATE is NULL":                     {"DATE", 10, 0, "\x00\x00\x00", "\x00"},
	"zero DATE that cannot be NULL":         {"DATE NOT NULL", 10, 0, "\x00\x00\x00", "\x00"},
	"zero DATE with a default":              {"DATE DEFAULT '1970-01-03'", 10, 0, "\x00\x00\x00", "\x02"},
	"zero DATE NOT NULL with a default":     {"DATE NOT NULL DEFAULT '1970-01-03'", 10, 0, "\x00\x00\x00", "\x04"},
	"negative TIME":                         {"TIME(6) NOT NULL", 19, 6, "\x7f\xff\xff\xff\xff\xff", "\x01"},
	"DATETIME in milliseconds":              {"DATETIME(3) NOT NULL", 18, 3, "\x99\x00\x42\x00\x00\x00\x0a", "\xfd\xcf\xa6\x83\xb1\x01"},
	"TIMESTAMP keeps the zeros":             {"TIMESTAMP(3) NOT NULL", 17, 3, "\x00\x00\x00\x01\x00\x00", "\x301970-01-01T00:00:01.000Z"},
	"zero TIMESTAMP":                        {"TIMESTAMP(3) NOT NULL", 17, 3, "\x00\x00\x00\x00\x00\x00", "\x281970-01-01T00:00:00Z"},
	"GEOMETRY without SRID":                 {"GEOMETRY NOT NULL", 255, 4, "\x05\x00\x00\x00\x00\x00\x00\x00\x01", "\x02\x01\x00"},
	"GEOMETRY with SRID":                    {"GEOMETRY NOT NULL", 255, 4, "\x05\x00\x00\x00\xe6\x10\x00\x00\x01", "\x02\x01\x02\xcc\x43"},
	"VECTOR":                                {"VECTOR(2) NOT NULL", 242, 4, "\x04\x00\x00\x00\x00\x00\x80\x3f", "\x02\x00\x00\x80\x3f\x00"},
	"empty VECTOR":                          {"VECTOR(2) NOT NULL", 242, 4, "\x00\x00\x00\x00", "\x00"},
	"JSON":                                  {"JSON NOT NULL", 245, 4, "\x02\x00\x00\x00\x04\x01", "\x08true"},
	"JSON of no bytes":                      {"JSON NOT NULL", 245, 4, "\x00\x00\x00\x00", "\x08null"},
	"a value in a union":                    {"INT", 3, 0, "\x01\x00\x00\x00", "\x02\x02"},
	"a value in a union with a default":     {"INT DEFAULT 5", 3, 0, "\x01\x00\x00\x00", "\x00\x02"},
}

func TestImage_Decode(t *testing.T) {
	t.Parallel()
	for name, test := range imageCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			image := binlog(t, compile(t, "`c` "+test.column), event(test.typ, test.meta))
			data := "\x00" + test.raw
			var out row.Row
			n, err := image.Decode([]byte(data+"next row"), []byte{1}, &out)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(out.Value)); diff != "" || n != len(data) {
				t.Errorf("took %d of %d bytes, got %x, want %x", n, len(data), out.Value, test.want)
			}
			for i := range data {
				if _, err := image.Decode([]byte(data[:i]), []byte{1}, &out); err == nil {
					t.Errorf("%d bytes of %d are taken for a row", i, len(data))
				}
			}
		})
	}
}

func TestImage_Decode_null(t *testing.T) {
	t.Parallel()
	image := binlog(t, compile(t, "`a` INT, `b` INT DEFAULT 1, `c` INT"), event(3, 0, 3, 0, 3, 0))
	var out row.Row
	n, err := image.Decode([]byte("\x03\x01\x00\x00\x00"), []byte{7}, &out)
	if err != nil || n != 5 {
		t.Fatal(n, err)
	}
	if diff := cmp.Diff("\x00\x02\x02\x02", string(out.Value)); diff != "" {
		t.Error(diff)
	}
}

func TestImage_Decode_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column       string
		typ, meta    uint16
		data, bitmap string
		want         string
	}{
		"no bitmap":                     {"INT", 3, 0, "\x00\x01\x00\x00\x00", "", "bitmap of columns has 0 bytes"},
		"a column is not in the image":  {"INT", 3, 0, "\x00\x01\x00\x00\x00", "\x00", "column c is not in the row image; set binlog_row_image=FULL"},
		"no bytes":                      {"INT", 3, 0, "", "\x01", "ends before"},
		"NULL where there is none":      {"INT NOT NULL", 3, 0, "\x01", "\x01", "column c of table d.t: value is NULL, yet the definition says NOT NULL: " + cure.Definition},
		"a label that is not defined":   {"ENUM('a')", 254, 247<<8 | 1, "\x00\x02", "\x01", "label 2 of an ENUM with 1 labels: " + cure.Definition},
		"a bit that is not defined":     {"SET('a')", 254, 248<<8 | 1, "\x00\x02", "\x01", "labels 0x2 of a SET with 1 labels: " + cure.Definition},
		"a date that does not exist":    {"DATE", 10, 0, "\x00\x5e\xc8\x0f", "\x01", "does not exist in the calendar"},
		"a DECIMAL with a wide word":    {"DECIMAL(9,0)", 246, 9 << 8, "\x00\xff\xff\xff\xff", "\x01", "damaged"},
		"a time of 64 minutes":          {"TIME", 19, 0, "\x00\x80\x0f\xff", "\x01", "damaged"},
		"a datetime with hour 31":       {"DATETIME", 18, 0, "\x00\x99\xff\xff\xff\xff", "\x01", "damaged"},
		"a fraction above one":          {"TIMESTAMP(2)", 17, 2, "\x00\x00\x00\x00\x01\xff", "\x01", "damaged"},
		"a geometry without an SRID":    {"GEOMETRY", 255, 4, "\x00\x01\x00\x00\x00\x00", "\x01", "damaged"},
		"a point of another type":       {"POINT", 255, 4, "\x00\x19\x00\x00\x00\x00\x00\x00\x00\x01\x02\x00\x00\x00" + strings.Repeat("\x00", 16), "\x01", "damaged"},
		"a vector with half a float":    {"VECTOR(2)", 242, 4, "\x00\x02\x00\x00\x00\x00\x00", "\x01", "damaged"},
		"a JSON document of no type":    {"JSON", 245, 4, "\x00\x01\x00\x00\x00\xee", "\x01", "damaged"},
		"a length beyond the row's end": {"LONGBLOB", 252, 4, "\x00\xff\xff\xff\xffx", "\x01", "ends before"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			image := binlog(t, compile(t, "`c` "+test.column), event(test.typ, test.meta))
			var out row.Row
			_, err := image.Decode([]byte(test.data), []byte(test.bitmap), &out)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestPlan_Binlog_errors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column    string
		typ, meta uint16
	}{
		"another type":                       {"INT", uint16(mysql.MYSQL_TYPE_LONGLONG), 0},
		"another precision":                  {"DECIMAL(10,2)", uint16(mysql.MYSQL_TYPE_NEWDECIMAL), 10<<8 | 3},
		"other fractional digits":            {"DATETIME(3)", uint16(mysql.MYSQL_TYPE_DATETIME2), 6},
		"more bits":                          {"BIT(3)", uint16(mysql.MYSQL_TYPE_BIT), 4},
		"a wider ENUM":                       {"ENUM('a')", uint16(mysql.MYSQL_TYPE_STRING), 247<<8 | 2},
		"a time in the form before 5.6":      {"DATETIME", uint16(mysql.MYSQL_TYPE_DATETIME), 0},
		"a length of five bytes":             {"BLOB", uint16(mysql.MYSQL_TYPE_BLOB), 5},
		"a type that no server puts in logs": {"INT", 200, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := compile(t, "`c` "+test.column).Binlog(event(test.typ, test.meta)); err == nil {
				t.Error("the event is taken for one of this definition")
			}
		})
	}
	if _, err := compile(t, "`a` INT, `b` INT").Binlog(event(3, 0)); err == nil {
		t.Error("an event with fewer columns is taken for one of this definition")
	}
}
