//go:build e2e

package row_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typeCases are columns, and of each a value in SQL and what it must read as.
var typeCases = []struct{ column, sql, want string }{
	{"TINYINT", "-128", "-128"},
	{"TINYINT", "127", "127"},
	{"TINYINT(1)", "104", "104"},
	{"BOOL", "-1", "-1"},
	{"TINYINT UNSIGNED", "255", "255"},
	{"SMALLINT", "-32768", "-32768"},
	{"SMALLINT UNSIGNED", "65535", "65535"},
	{"MEDIUMINT", "-8388608", "-8388608"},
	{"MEDIUMINT", "8388607", "8388607"},
	{"MEDIUMINT UNSIGNED", "16777215", "16777215"},
	{"INT", "-2147483648", "-2147483648"},
	{"INT", "2147483647", "2147483647"},
	{"INT UNSIGNED", "4294967295", "4294967295"},
	{"INT(8) UNSIGNED ZEROFILL", "7", "7"},
	{"BIGINT", "-9223372036854775808", "-9223372036854775808"},
	{"BIGINT UNSIGNED", "9223372036854775807", "9223372036854775807"},
	{"BIGINT UNSIGNED", "18446744073709551615", "-1"},
	{"BIGINT UNSIGNED", "9223372036854775808", "-9223372036854775808"},
	{"INT", "NULL", "NULL"},
	{"INT DEFAULT 7", "NULL", "NULL"},
	{"INT DEFAULT 7", "8", "8"},
	{"INT NOT NULL", "3", "3"},

	{"FLOAT", "106.03176", "106.03176"},
	{"FLOAT", "-0e0", "-0"},
	{"FLOAT", "3.402823466e38", "3.4028235e+38"},
	{"FLOAT", "1.4e-45", "1e-45"},
	{"FLOAT(24)", "0.1", "0.1"},
	{"FLOAT(53)", "0.1", "0.1"},
	{"FLOAT(7,4)", "106.03176", "106.03179931640625"},
	{"FLOAT UNSIGNED", "0.3", "0.3"},
	{"DOUBLE", "0.1", "0.1"},
	{"DOUBLE", "-0e0", "-0"},
	{"DOUBLE", "1.7976931348623157e308", "1.7976931348623157e+308"},
	{"DOUBLE", "5e-324", "5e-324"},
	{"DOUBLE", "2.2250738585072014e-308", "2.2250738585072014e-308"},
	{"DOUBLE", "123456789.12345679", "1.2345678912345679e+08"},
	{"DOUBLE(9,3)", "1234.5678", "1234.568"},
	{"REAL", "1e15", "1e+15"},

	{"DECIMAL(10,2)", "0", "00"},
	{"DECIMAL(10,2)", "1.50", "0096"},
	{"DECIMAL(10,2)", "-1.28", "80"},
	{"DECIMAL(10,2)", "-1.29", "ff7f"},
	{"DECIMAL(10,2)", "1.27", "7f"},
	{"DECIMAL(10,2)", "99999999.99", "02540be3ff"},
	{"DECIMAL", "-1", "ff"},
	{"DECIMAL(1,1)", "-0.9", "f7"},
	{"DECIMAL(18,9)", "-999999999.999999999", "f21f494c589c0001"},
	{"DECIMAL(19,0)", "9223372036854775808", "008000000000000000"},
	{"DECIMAL(20,0)", "-9223372036854775808", "8000000000000000"},
	{"DECIMAL(65,30)", strings.Repeat("9", 35) + "." + strings.Repeat("9", 30), "00f316271c7fc3908a8bef464e3945ef7a253609ffffffffffffffff"},
	{"DECIMAL(65,0)", "-" + strings.Repeat("9", 65), "ff0ce9d8e3803c6f757410b9b1c6ba1085dac9f60000000000000001"},
	{"DECIMAL(38,10) UNSIGNED", "0.0000000001", "01"},

	{"BIT(1)", "b'1'", "true"},
	{"BIT(1)", "b'0'", "false"},
	{"BIT(8)", "b'101'", "05"},
	{"BIT(33)", "b'100000000000000000000000000000001'", "0100000001"},
	{"BIT(64)", "0x0102030405060708", "0807060504030201"},

	{"CHAR(5)", "'a  '", "a"},
	{"CHAR(255)", "'é😀'", "é😀"},
	{"CHAR(0)", "''", ""},
	{"VARCHAR(20)", "'b  '", "b  "},
	{"VARCHAR(5000)", "repeat('x', 300)", strings.Repeat("x", 300)},
	{"TINYTEXT", "'t'", "t"},
	{"TEXT", "''", ""},
	{"MEDIUMTEXT", "repeat('é', 40000)", strings.Repeat("é", 40000)},
	{"LONGTEXT", "'long'", "long"},
	{"CHAR(5) CHARACTER SET latin1", "'é€'", "é€"},
	{"VARCHAR(20) CHARACTER SET gbk", "'汉字 a'", "汉字 a"},
	{"VARCHAR(20) CHARACTER SET sjis", "'表ソ~'", "表ソ~"},
	{"VARCHAR(20) CHARACTER SET utf16", "'a😀'", "a😀"},
	{"CHAR(9) CHARACTER SET utf16le", "'a😀'", "a😀"},
	{"CHAR(9) CHARACTER SET utf32", "'a😀 '", "a😀"},
	{"TEXT CHARACTER SET ucs2", "'汉a'", "汉a"},
	{"VARCHAR(9) CHARACTER SET swe7", "'åÄ'", "åÄ"},
	{"VARCHAR(9) CHARACTER SET utf8mb3", "'汉'", "汉"},
	{"VARCHAR(9) CHARACTER SET ujis", "'漢字'", "漢字"},
	{"VARCHAR(9) CHARACTER SET cp932", "'①～'", "①～"},
	{"VARCHAR(9) CHARACTER SET koi8r", "'Ёж'", "Ёж"},
	{"VARCHAR(9) CHARACTER SET gb18030", "'汉😀'", "汉😀"},
	{"VARCHAR(9) CHARACTER SET big5", "'漢'", "漢"},
	{"VARCHAR(9) CHARACTER SET euckr", "'한'", "한"},
	{"TEXT CHARACTER SET binary", "0x00ff", "00ff"},
	{"VARCHAR(4) CHARACTER SET binary", "0x00ff00", "00ff00"},
	{"BINARY(4)", "0x01", "01000000"},
	{"BINARY(4)", "0x00000000", "00000000"},
	{"BINARY(255)", "''", strings.Repeat("00", 255)},
	{"VARBINARY(8)", "0x0100", "0100"},
	{"VARBINARY(300)", "''", ""},
	{"BLOB", "0x00ff", "00ff"},
	{"LONGBLOB", "repeat(0x61, 70)", strings.Repeat("61", 70)},
	{"TINYBLOB", "''", ""},
	{"MEDIUMBLOB", "'a'", "61"},

	{"ENUM('a','b,c','it''s','x\\\\y')", "'b,c'", "b,c"},
	{"ENUM('a','x\\\\y')", "2", "x\\y"},
	{"ENUM('a')", "0", ""},
	{"ENUM('ж','é') CHARACTER SET latin1", "2", "é"},
	{"ENUM(" + numbered(300) + ")", "300", "v300"},
	{"SET('x','y','z')", "'z,x'", "x,z"},
	{"SET('x')", "''", ""},
	{"SET(" + numbered(64) + ")", "1<<63 | 1", "v1,v64"},
	{"SET(" + numbered(20) + ")", "'v20'", "v20"},

	{"YEAR", "2155", "2155"},
	{"YEAR", "1901", "1901"},
	{"YEAR", "0", "0"},
	{"YEAR", "'0'", "2000"},
	{"DATE", "'2020-02-29'", "18321"},
	{"DATE", "'0001-01-01'", "-719162"},
	{"DATE", "'9999-12-31'", "2932896"},
	{"DATE", "'1969-12-31'", "-1"},
	{"DATE", "'1582-10-04'", "-141438"},
	{"DATE", "'0000-00-00'", "NULL"},
	{"DATE", "'2020-00-00'", "NULL"},
	{"DATE NOT NULL", "'0000-00-00'", "0"},
	{"DATE NOT NULL DEFAULT '2020-01-02'", "'2020-01-00'", "18263"},
	{"TIME", "'-838:59:59'", "-3020399000000"},
	{"TIME", "'838:59:59'", "3020399000000"},
	{"TIME(6)", "'-00:00:00.000001'", "-1"},
	{"TIME(6)", "'-838:59:58.999999'", "-3020398999999"},
	{"TIME(3)", "'-12:34:56.789'", "-45296789000"},
	{"TIME(1)", "'-00:00:00.1'", "-100000"},
	{"TIME(2)", "'-01:00:00.01'", "-3600010000"},
	{"TIME(4)", "'23:59:59.9999'", "86399999900"},
	{"TIME(5)", "'-00:00:01.00001'", "-1000010"},
	{"DATETIME", "'1000-01-01 00:00:00'", "-30610224000000"},
	{"DATETIME", "'9999-12-31 23:59:59'", "253402300799000"},
	{"DATETIME(1)", "'2020-01-01 00:00:00.1'", "1577836800100"},
	{"DATETIME(3)", "'1969-12-31 23:59:59.999'", "-1"},
	{"DATETIME(4)", "'2020-01-01 00:00:00.0001'", "1577836800000100"},
	{"DATETIME(6)", "'9999-12-31 23:59:59.999999'", "253402300799999999"},
	{"DATETIME(6)", "'1582-10-04 00:00:00.000001'", "-12220243199999999"},
	{"DATETIME", "'0000-00-00'", "NULL"},
	{"DATETIME(6) NOT NULL", "'2020-01-00'", "0"},
	{"DATETIME NOT NULL DEFAULT '2020-01-02 03:04:05'", "'0000-00-00'", "1577934245000"},
	{"TIMESTAMP", "'2038-01-19 03:14:07'", "2038-01-19T03:14:07Z"},
	{"TIMESTAMP(6) NULL", "'2020-01-02 03:04:05'", "2020-01-02T03:04:05.000000Z"},
	{"TIMESTAMP(3) NULL", "'2020-01-02 03:04:05.12'", "2020-01-02T03:04:05.120Z"},
	{"TIMESTAMP(1)", "'1970-01-01 00:00:01'", "1970-01-01T00:00:01.0Z"},
	{"TIMESTAMP(5)", "'2000-02-29 23:59:59.99999'", "2000-02-29T23:59:59.99999Z"},
	{"TIMESTAMP NULL", "'0000-00-00'", "NULL"},
	{"TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)", "'0000-00-00'", "1970-01-01T00:00:00Z"},
	{"TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00'", "'0000-00-00'", "2020-01-01T00:00:00Z"},

	{"GEOMETRY", "ST_GeomFromText('LINESTRING(1 2,3 4)')", "010200000002000000000000000000f03f000000000000004000000000000008400000000000001040 srid NULL"},
	{"GEOMETRY", "ST_GeomFromText('GEOMETRYCOLLECTION EMPTY')", "010700000000000000 srid NULL"},
	{"POLYGON SRID 4326", "NULL", "NULL"},
	{"POINT", "ST_GeomFromText('POINT(1 2)')", "1 2 1 0101000000000000000000f03f0000000000000040 srid NULL"},
	{"POINT SRID 4326", "ST_GeomFromText('POINT(1 2)', 4326)", "2 1 1 01010000000000000000000040000000000000f03f srid 4326"},
	{"VECTOR(3)", "STRING_TO_VECTOR('[1,-2.5,0.1]')", "1 -2.5 0.1"},
	{"VECTOR", "NULL", "NULL"},
	{"INT GENERATED ALWAYS AS (1+1) VIRTUAL", "DEFAULT", "2"},
	{"INT GENERATED ALWAYS AS (2+1) STORED", "DEFAULT", "3"},
	{"INT INVISIBLE", "4", "4"},
}

func numbered(n int) string {
	labels := make([]string, n)
	for i := range labels {
		labels[i] = fmt.Sprintf("'v%d'", i+1)
	}
	return strings.Join(labels, ",")
}

// TestTypes stores each value once, and wants the same bytes from the log and
// from a SELECT in a session with another time zone, and the wanted value.
func TestTypes(t *testing.T) {
	conn := connect(t)
	execute(t, conn, "SET time_zone='+00:00'", "SET sql_mode=''")
	other := connect(t)
	execute(t, other, "SET time_zone='+05:30'", "SET NAMES latin1", "SET sql_mode='ANSI,PAD_CHAR_TO_FULL_LENGTH'")
	for i, c := range typeCases {
		t.Run(c.column[:min(len(c.column), 60)]+" "+c.sql[:min(len(c.sql), 40)], func(t *testing.T) {
			name := fmt.Sprintf("t%d", i)
			plan, logged := insertAndRead(t, conn, "leat_row_types", name,
				"CREATE TABLE "+name+" (id INT PRIMARY KEY, `the ``c` "+c.column+") DEFAULT CHARSET=utf8mb4",
				"INSERT INTO "+name+" (id, `the ``c`) VALUES (1, "+c.sql+")")
			selected := selectRows(t, other, plan, "id")
			if diff := cmp.Diff(logged, selected); diff != "" {
				t.Errorf("the log (-) and a SELECT (+) differ:\n%s", diff)
			}
			if len(logged) != 1 {
				t.Fatalf("got %d rows in the log, want 1", len(logged))
			}
			if diff := cmp.Diff([]string{"1", c.want}, printRow(t, plan.Schema(), logged[0].Value)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
