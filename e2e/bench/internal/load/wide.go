package load

import (
	"fmt"
	"strings"
)

// column is a column of the wide table: its definition, and its value from a row
// of the base table.
type column struct{ name, definition, value string }

// wideColumns are 60, of every type that the server has.
var wideColumns = []column{
	{"id", "BIGINT NOT NULL PRIMARY KEY", "id"},
	{"c_tinyint", "TINYINT", "id % 100 - 50"},
	{"c_utinyint", "TINYINT UNSIGNED", "id % 256"},
	{"c_bool", "TINYINT(1) NOT NULL DEFAULT 1", "id % 2"},
	{"c_smallint", "SMALLINT", "id % 60000 - 30000"},
	{"c_usmallint", "SMALLINT UNSIGNED", "id % 65536"},
	{"c_mediumint", "MEDIUMINT", "id - 8000000"},
	{"c_umediumint", "MEDIUMINT UNSIGNED", "id"},
	{"c_int", "INT NOT NULL", "k"},
	{"c_uint", "INT UNSIGNED", "4294967295 - k"},
	{"c_bigint", "BIGINT", "-id * 1000003"},
	{"c_ubigint", "BIGINT UNSIGNED", "9223372036854775807 - id"},
	{"c_float", "FLOAT", "k / 7"},
	{"c_double", "DOUBLE", "k / 11"},
	{"c_decimal10", "DECIMAL(10,2)", "k / 100"},
	{"c_decimal20", "DECIMAL(20,6) NOT NULL", "-k / 1000"},
	{"c_decimal38", "DECIMAL(38,10)", "k * 1000000007.0000000003"},
	{"c_numeric5", "NUMERIC(5)", "id % 100000"},
	{"c_bit1", "BIT(1)", "id % 2"},
	{"c_bit12", "BIT(12)", "id % 4096"},
	{"c_bit64", "BIT(64)", "id * 1000003"},
	{"c_date", "DATE", "DATE '2000-01-01' + INTERVAL id % 9000 DAY"},
	{"c_time", "TIME", "SEC_TO_TIME(id % 86400)"},
	{"c_time3", "TIME(3)", "SEC_TO_TIME(id % 86400 + 0.125)"},
	{"c_time6", "TIME(6)", "SEC_TO_TIME(id % 86400 + 0.000125)"},
	{"c_datetime", "DATETIME", "TIMESTAMP '2001-02-03 04:05:06' + INTERVAL id MINUTE"},
	{"c_datetime3", "DATETIME(3)", "TIMESTAMP '2001-02-03 04:05:06.125' + INTERVAL id MINUTE"},
	{"c_datetime6", "DATETIME(6) NOT NULL", "TIMESTAMP '2001-02-03 04:05:06.000125' + INTERVAL id MINUTE"},
	{"c_timestamp", "TIMESTAMP NULL", "TIMESTAMP '2001-02-03 04:05:06' + INTERVAL id MINUTE"},
	{"c_timestamp3", "TIMESTAMP(3) NULL", "TIMESTAMP '2001-02-03 04:05:06.125' + INTERVAL id MINUTE"},
	{"c_timestamp6", "TIMESTAMP(6) NULL", "TIMESTAMP '2001-02-03 04:05:06.000125' + INTERVAL id MINUTE"},
	{"c_year", "YEAR", "1970 + id % 130"},
	{"c_char10", "CHAR(10)", "LEFT(c, 10)"},
	{"c_latin1", "CHAR(40) CHARACTER SET latin1", "CONCAT('déjà ', LEFT(c, 30))"},
	{"c_varchar40", "VARCHAR(40) NOT NULL", "LEFT(pad, 40)"},
	{"c_varchar200", "VARCHAR(200)", "c"},
	{"c_utf8", "VARCHAR(300)", "CONCAT('Straße 東京 ', pad)"},
	{"c_tinytext", "TINYTEXT", "pad"},
	{"c_text", "TEXT", "CONCAT(c, pad)"},
	{"c_mediumtext", "MEDIUMTEXT", "c"},
	{"c_longtext", "LONGTEXT", "CONCAT(c, c)"},
	{"c_binary8", "BINARY(8)", "UNHEX(LEFT(SHA2(c, 256), 16))"},
	{"c_binary16", "BINARY(16) NOT NULL", "UNHEX(LEFT(SHA2(pad, 256), 32))"},
	{"c_varbinary20", "VARBINARY(20)", "UNHEX(LEFT(SHA2(c, 256), 40))"},
	{"c_varbinary300", "VARBINARY(300)", "CONCAT(UNHEX(SHA2(c, 256)), CAST(c AS BINARY))"},
	{"c_tinyblob", "TINYBLOB", "UNHEX(SHA2(pad, 256))"},
	{"c_blob", "BLOB", "CONCAT(UNHEX(SHA2(pad, 256)), CAST(pad AS BINARY))"},
	{"c_mediumblob", "MEDIUMBLOB", "c"},
	{"c_longblob", "LONGBLOB", "CONCAT(CAST(c AS BINARY), UNHEX(SHA2(id, 256)))"},
	{"c_enum", "ENUM('small','medium','large') NOT NULL", "1 + id % 3"},
	{"c_set", "SET('a','b','c','d')", "id % 16"},
	{"c_json", "JSON", "JSON_OBJECT('id', id, 'name', LEFT(c, 20), 'tags', JSON_ARRAY(1, 2.5, TRUE, NULL))"},
	{"c_json_small", "JSON", "CAST(id AS JSON)"},
	{"c_point", "POINT", "ST_GeomFromText(CONCAT('POINT(', id % 180, ' ', id % 90, ')'))"},
	{"c_linestring", "LINESTRING", "ST_GeomFromText(CONCAT('LINESTRING(0 0,', id % 180, ' 9)'))"},
	{"c_polygon", "POLYGON", "ST_GeomFromText('POLYGON((0 0,0 5,5 5,0 0))')"},
	{"c_geometry", "GEOMETRY", "ST_GeomFromText(CONCAT('POINT(1 ', id % 90, ')'))"},
	{"c_vector", "VECTOR(3)", "STRING_TO_VECTOR('[1, 0.5, -2]')"},
	{"c_null", "INT", "NULL"},
	{"c_default", "VARCHAR(20) DEFAULT 'none'", "IF(id % 2, 'some', NULL)"},
}

func wide(changes int) *Workload {
	const perTransaction = 1000
	var names, definitions, values []string
	for _, c := range wideColumns {
		names, values = append(names, c.name), append(values, c.value)
		definitions = append(definitions, c.name+" "+c.definition)
	}
	rows := changes / 2
	var script []string
	for from := 1; from <= rows; from += perTransaction / 2 {
		to := min(from+perTransaction/2-1, rows)
		script = append(script, "BEGIN",
			fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE id BETWEEN %d AND %d",
				Table, strings.Join(names, ","), strings.Join(values, ","), base, from, to),
			fmt.Sprintf("UPDATE %s SET c_int = c_int + 1 WHERE id BETWEEN %d AND %d", Table, from, to),
			"COMMIT")
	}
	return &Workload{
		Name: "wide", Title: fmt.Sprintf("Backlog of %s changes of a table of %d columns of all types", Thousands(2*rows), len(wideColumns)),
		Records: int64(2 * rows), columns: "(" + strings.Join(definitions, ",\n") + ")", scripts: [][]string{script},
	}
}
