//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
)

// allTypes are columns of all types that both servers have.
const allTypes = `k1 VARCHAR(30) CHARACTER SET latin1 NOT NULL, id INT UNSIGNED NOT NULL, i1 TINYINT, i2 SMALLINT UNSIGNED, i3 MEDIUMINT, i8 BIGINT UNSIGNED,
 dec1 DECIMAL(20,7), dec2 DECIMAL(65,30) UNSIGNED, f FLOAT, d DOUBLE, bit1 BIT(1), bit9 BIT(9), bit64 BIT(64), y YEAR,
 dt DATE, t0 TIME, t6 TIME(6), dt0 DATETIME, dt3 DATETIME(3), ts0 TIMESTAMP NULL, ts6 TIMESTAMP(6) NULL,
 c1 CHAR(1), c255 CHAR(255) CHARACTER SET utf8mb4, v1 VARCHAR(1) CHARACTER SET utf16, v2 VARCHAR(3000) CHARACTER SET utf8mb3, b1 BINARY(1), b255 BINARY(255), vb VARBINARY(300),
 tt TINYTEXT CHARACTER SET gbk, tx TEXT, mt MEDIUMTEXT CHARACTER SET latin1, lt LONGTEXT CHARACTER SET ucs2, tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB,
 e1 ENUM('a','ж','😀'), e2 ENUM('é','x') CHARACTER SET latin1, s1 SET('a','🐚') CHARACTER SET utf32, s2 SET('1','2','3','4','5','6','7','8','9'), eb ENUM('é') CHARACTER SET binary,
 g GEOMETRY, p POINT, ls LINESTRING, pg POLYGON, mp MULTIPOINT, ml MULTILINESTRING, mpg MULTIPOLYGON, gc GEOMETRYCOLLECTION, tx2 TEXT CHARACTER SET latin2, v3 VARCHAR(7) CHARACTER SET big5,
 PRIMARY KEY (id, k1)`

// Where nobody can be asked any more, a definition made of the log's metadata gives
// the schema that the server's own gives.
func TestSource_definitionOfTheLogAlone(t *testing.T) {
	own := map[string]string{"MySQL": ", j JSON, vec VECTOR(3), hid INT INVISIBLE", "MariaDB": ", v4 VARCHAR(5) COLLATE utf8mb4_unicode_nopad_ci, v5 VARCHAR(5) CHARACTER SET utf16 COLLATE uca1400_swedish_ai_ci"}
	for flavor, start := range flavors {
		server := start(t)
		t.Run(flavor, func(t *testing.T) {
			b := benchOn(t, server)
			columns := allTypes + own[flavor]
			x := b.begin(true, func() {
				b.exec(hidden([]string{
					"-CREATE TABLE a (" + columns + ")", "INSERT INTO a (id, k1, c1, v1, tt, tx2, v3) VALUES (1, 'é', '字', '😀', '模', 'ő', '字')", "-DROP TABLE a",
					"CREATE TABLE b (" + columns + ")", "INSERT INTO b (id, k1, c1, v1, tt, tx2, v3) VALUES (1, 'é', '字', '😀', '模', 'ő', '字')",
				})...)
			})
			x.until(func() bool { return len(x.texts(0, 0)) == 2 })
			x.stop()
			first, second := x.records[0], x.records[1]
			got, want := *x.schemas[first.change.Schema], *x.schemas[second.change.Schema]
			got.Table = want.Table
			if flavor == "MySQL" { // go-mysql does not read the number of entries of a VECTOR
				for i := range want.Columns {
					if want.Columns[i].Native.Name == "VECTOR" {
						want.Columns[i].Native.Length = got.Columns[i].Native.Length
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([][]byte{second.change.Key, second.change.After}, [][]byte{first.change.Key, first.change.After}); diff != "" {
				t.Errorf("key and row: %s", diff)
			}
			for _, text := range []string{"é", "字", "😀", "模", "ő"} {
				if !strings.Contains(first.text, text) {
					t.Errorf("the row lacks %s: %s", text, first.text)
				}
			}
			if len(got.Key) != 2 || first.change.Op != sdk.Create {
				t.Errorf("got %c with the key %v", first.change.Op, got.Key)
			}
		})
	}
}

// What the log alone does not tell for certain ends the source: a column that the
// server has added would be invented, a UUID would be taken for bytes.
func TestSource_definitionOfTheLogUncertain(t *testing.T) {
	server := flavors["MariaDB"](t)
	tests := map[string]struct{ create, insert, want string }{
		"versioned": {"CREATE TABLE a (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING", "INSERT INTO a VALUES (1, 1)", "row_start"},
		"long key":  {"CREATE TABLE a (id INT PRIMARY KEY, v TEXT, UNIQUE (v))", "INSERT INTO a VALUES (1, 'x')", "DB_ROW_HASH_1"},
		"UUID":      {"CREATE TABLE a (id INT PRIMARY KEY, v UUID)", "INSERT INTO a VALUES (1, UUID())", "UUID"},
		"INET4":     {"CREATE TABLE a (id INT PRIMARY KEY, v INET4)", "INSERT INTO a VALUES (1, '1.2.3.4')", "INET4"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := benchOn(t, server)
			x := b.begin(true, func() { b.exec(hidden([]string{"-" + tt.create, tt.insert, "-DROP TABLE a"})...) })
			err := x.end()
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "exclude.tables") || len(x.texts(0, 0)) > 0 {
				t.Fatalf("got %v and %v, want a permanent error that names %s", err, x.texts(0, 0), tt.want)
			}
			// The cure that the message names.
			b.config.Exclude.Tables = []string{b.db + `\.a`}
			b.exec("CREATE TABLE c (id INT PRIMARY KEY)", "INSERT INTO c VALUES (1)")
			again := b.start(x.recorder)
			again.expect(0, "c c {1}")
			again.stop()
		})
	}
}
