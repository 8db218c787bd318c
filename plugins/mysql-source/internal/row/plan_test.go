package row_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/row"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk"
)

// schemaText writes each column as: name type, ? if nullable, = default.
func schemaText(s *sdk.RowSchema) []string {
	var texts []string
	for _, c := range s.Columns {
		text := c.Name + " " + string(c.Type)
		if c.Nullable {
			text += "?"
		}
		if c.Default != nil {
			text += " = " + string(c.Default)
		}
		texts = append(texts, text)
	}
	return texts
}

func TestCompile_schema(t *testing.T) {
	t.Parallel()
	p := compile(t, `id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
		ti TINYINT NOT NULL, ti1 TINYINT(1) NOT NULL DEFAULT 1, bo BOOLEAN, si SMALLINT DEFAULT 3, mu MEDIUMINT UNSIGNED, i INT NOT NULL DEFAULT 5, iu INT UNSIGNED,
		f FLOAT, f30 FLOAT(30), fm FLOAT(7,4), d DOUBLE, r REAL, de DECIMAL(10,2) NOT NULL DEFAULT 1.50, dn NUMERIC(38),
		b1 BIT(1), b8 BIT(8) NOT NULL DEFAULT b'101', c CHAR(3), v VARCHAR(64) NOT NULL DEFAULT 'x', t TEXT, bn BINARY(4), bl BLOB,
		e ENUM('a','b,c') NOT NULL DEFAULT 'a', se SET('x','y'), j JSON, y YEAR, da DATE NOT NULL DEFAULT '2020-01-02', tm TIME(6), dt DATETIME,
		dt6 DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), ts TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, ts6 TIMESTAMP(6) NULL,
		g GEOMETRY, po POINT, vec VECTOR(3), gen INT GENERATED ALWAYS AS (i+1) VIRTUAL, inv INT INVISIBLE, `+"`we-ird name` INT")
	want := []string{
		"id long", "ti int", "ti1 int = 1", "bo int?", "si int? = 3", "mu int?", "i int = 5", "iu long?",
		"f float?", "f30 double?", "fm double?", "d double?", "r double?", `de bytes = "\u0000` + "\u0096\"", "dn bytes?",
		"b1 boolean?", `b8 bytes = "\u0005"`, "c string?", `v string = "x"`, "t string?", "bn bytes?", "bl bytes?",
		`e string = "a"`, "se string?", "j string?", "y int?", "da int = 18263", "tm long?", "dt long?",
		"dt6 long = 0", `ts string = "1970-01-01T00:00:00Z"`, "ts6 string?",
		"g geometry?", "po point?", "vec vector?", "gen int?", "inv int?", "we-ird name int?",
	}
	if diff := cmp.Diff(want, schemaText(p.Schema())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(sdk.NativeType{Name: "ENUM", Length: table.Unset, Scale: table.Unset, Values: []string{"a", "b,c"}}, p.Schema().Columns[22].Native); diff != "" {
		t.Error(diff)
	}
}

func TestCompile_default(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"INT DEFAULT -7":     `-7`,
		"INT DEFAULT '1.5'":  `2`,
		"INT DEFAULT TRUE":   `1`,
		"INT DEFAULT b'101'": `5`,
		"INT DEFAULT 0x0a":   `10`,
		"INT DEFAULT (1+1)":  ``,
		"INT DEFAULT NULL":   ``,
		"BIGINT UNSIGNED DEFAULT 18446744073709551615":                `-1`,
		"FLOAT DEFAULT -0e0":                                          `-0.0`,
		"DOUBLE DEFAULT '-0'":                                         `-0.0`,
		"DOUBLE DEFAULT -0":                                           `0.0`,
		"FLOAT(7,3) DEFAULT -0e0":                                     `0.0`,
		"FLOAT DEFAULT 106.03176":                                     `106.03176`,
		"DOUBLE DEFAULT 0":                                            `0.0`,
		"DOUBLE DEFAULT 1e10":                                         `1.0E10`,
		"DOUBLE DEFAULT -0.00012":                                     `-1.2E-4`,
		"DECIMAL(10,2) DEFAULT 1.005":                                 `"e"`,
		"DECIMAL(10,2) DEFAULT -1.285":                                "\"\u00ff\u007f\"",
		"DECIMAL(65,0) DEFAULT 18446744073709551616":                  `"\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000"`,
		"BIT(1) DEFAULT b'1'":                                         `true`,
		"BIT(10) DEFAULT b'1000000001'":                               `"\u0001\u0002"`,
		"BIT(8) DEFAULT 5":                                            `"\u0005"`,
		"CHAR(9) DEFAULT 'a<b>  '":                                    `"a<b>"`,
		"CHAR(9) DEFAULT '😀'":                                         `"😀"`,
		"VARCHAR(9) DEFAULT 5":                                        `"5"`,
		"VARCHAR(9) DEFAULT ''":                                       `""`,
		"VARCHAR(9) CHARACTER SET latin1 DEFAULT x'e9'":               `"é"`,
		"BINARY(3) DEFAULT x'ff'":                                     "\"\u00ff\\u0000\\u0000\"",
		"VARBINARY(3) DEFAULT 'ab'":                                   `"ab"`,
		"ENUM('a','B') DEFAULT 'b'":                                   `"B"`,
		"ENUM('a','😀') DEFAULT 0xF09F9880":                            `"😀"`,
		"ENUM('a','é') CHARACTER SET latin1 DEFAULT x'e9'":            `"é"`,
		"SET('x','🐚') CHARACTER SET utf16 DEFAULT 0xD83DDC1A002C0078": `"x,🐚"`,
		"SET('x','y','z') DEFAULT 'z,x'":                              `"x,z"`,
		"SET('x') DEFAULT ''":                                         `""`,
		"YEAR DEFAULT 70":                                             `1970`,
		"YEAR DEFAULT '0'":                                            `2000`,
		"YEAR DEFAULT '0000'":                                         `0`,
		"DATE DEFAULT '2020-01-02'":                                   `18263`,
		"DATE DEFAULT '20200102'":                                     `18263`,
		"DATE DEFAULT '20-1-2'":                                       `18263`,
		"DATE DEFAULT 20200102":                                       `18263`,
		"DATE DEFAULT '0000-00-00'":                                   ``,
		"DATE NOT NULL DEFAULT '0000-00-00'":                          `0`,
		"DATE NOT NULL DEFAULT 0":                                     `0`,
		"DATETIME DEFAULT CURRENT_TIMESTAMP":                          `0`,
		"DATETIME(3) DEFAULT '2020-01-02 03:04:05.678'":               `1577934245678`,
		"DATETIME(6) DEFAULT '2020-01-02 03:04:05.678901'":            `1577934245678901`,
		"DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00'":             `0`,
		"TIME DEFAULT '-10:20:30'":                                    `-37230000000`,
		"TIME DEFAULT 102030":                                         `37230000000`,
		"TIME(2) DEFAULT '10:20:30.45'":                               `37230450000`,
		"TIMESTAMP(3) NULL DEFAULT '2020-01-02 03:04:05'":             `"2020-01-02T03:04:05.000Z"`,
		"TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP":                    ``,
		"TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00'":            `"1970-01-01T00:00:00Z"`,
		"JSON DEFAULT ('{}')":                                         ``,
	}
	for column, want := range tests {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			got := compile(t, "`c` "+column).Schema().Columns[0].Default
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Error(diff)
			}
			if got != nil && !json.Valid(got) && !strings.Contains(string(got), "E") {
				t.Errorf("%s is not JSON", got)
			}
		})
	}
}

func TestCompile_key(t *testing.T) {
	t.Parallel()
	p := compile(t, "a INT NOT NULL, b VARCHAR(9) NOT NULL, c INT NOT NULL, PRIMARY KEY (c, b)")
	if diff := cmp.Diff([]int{2, 1}, p.Schema().Key); diff != "" {
		t.Error(diff)
	}
	image := binlog(t, p, event(3, 0, 15, 36, 3, 0))
	var out row.Row
	for range 2 {
		if _, err := image.Decode([]byte("\x00\x01\x00\x00\x00\x02xy\x03\x00\x00\x00"), []byte{7}, &out); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff("\x02\x04xy\x06 \x06\x04xy", string(out.Value)+" "+string(out.Key)); diff != "" {
		t.Error(diff)
	}
	without := binlog(t, compile(t, "a INT NOT NULL"), event(3, 0))
	if _, err := without.Decode([]byte("\x00\x01\x00\x00\x00"), []byte{1}, &out); err != nil || out.Key != nil {
		t.Errorf("a table without a key gives the key %x, error %v", out.Key, err)
	}
}

func TestCompile_include(t *testing.T) {
	t.Parallel()
	def := parse(t, "a BLOB, `b``x` INT, id INT PRIMARY KEY, d INT")
	p, err := row.Compile(def, func(name string) bool { return name == "b`x" })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b`x int?", "id int"}, schemaText(p.Schema())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("`b``x`, `id`", p.SelectList()); diff != "" {
		t.Error(diff)
	}
	var out row.Row
	_, err = binlog(t, p, event(252, 2, 3, 0, 3, 0, 3, 0)).Decode([]byte("\x00\x03\x00abc\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00"), []byte{15}, &out)
	if diff := cmp.Diff("\x02\x02\x04 \x04", string(out.Value)+" "+string(out.Key)); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestPlan_SelectList(t *testing.T) {
	t.Parallel()
	p := compile(t, "i INT, f FLOAT, d DOUBLE, s DOUBLE(5,2), v TEXT, b BLOB, e ENUM('a'), t TIMESTAMP, dt DATETIME, j JSON")
	want := "`i`, `f`*1E0, `d`, `s`*1E0, CAST(`v` AS BINARY), `b`, CAST(`e` AS UNSIGNED), UNIX_TIMESTAMP(`t`), `dt`, CAST(`j` AS BINARY)"
	if diff := cmp.Diff(want, p.SelectList()); diff != "" {
		t.Error(diff)
	}
}

func TestCompile_errors(t *testing.T) {
	t.Parallel()
	column := func(c table.Column) *table.Table {
		c.Name = "c"
		return &table.Table{Database: "d", Name: "t", Columns: []table.Column{c}}
	}
	tests := map[string]struct {
		table *table.Table
		want  string
	}{
		"a type that is not known":    {column(table.Column{Type: "XMLTYPE"}), "column c of table d.t: type XMLTYPE is not supported; exclude"},
		"a character set that is not": {column(table.Column{Type: "TEXT", Charset: "klingon"}), "character set klingon is not supported; exclude"},
		"a DECIMAL that is too long":  {column(table.Column{Type: "DECIMAL", Length: 66}), "want 1 to 65 digits"},
		"a BIT that is too long":      {column(table.Column{Type: "BIT", Length: 65}), "want 1 to 64 bits"},
		"a SET that is too long":      {column(table.Column{Type: "SET", Values: make([]string, 65)}), "want at most 64"},
		"too many fractional digits":  {column(table.Column{Type: "TIME", Length: 7}), "want at most 6"},
		"a key that may be NULL": {&table.Table{
			Database: "d", Name: "t", Key: []int{0},
			Columns: []table.Column{{Name: "c", Type: "INT", Nullable: true}},
		}, "column c is nullable"},
		"a key of no column": {&table.Table{Database: "d", Name: "t", Key: []int{1}}, "column 1 of the key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := row.Compile(test.table, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

// A default that cannot be read is no reason to leave the table out.
func TestPlan_UnreadDefaults(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"INT DEFAULT 'x'":           "read default: want a number",
		"DATE DEFAULT 'x'":          "want a date and time as",
		"TIME DEFAULT '1:99'":       "want a time as",
		"ENUM('a') DEFAULT 'x'":     "none of the labels",
		"ENUM('a') DEFAULT 0xFF":    "none of the labels",
		"SET('a') DEFAULT 'a,x'":    "none of the labels",
		"TIMESTAMP DEFAULT 'never'": "want a date and time as",
	}
	for column, want := range tests {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			p, err := row.Compile(parse(t, "c "+column), nil)
			if err != nil {
				t.Fatal(err)
			}
			got := p.UnreadDefaults()
			if len(got) != 1 || !strings.HasPrefix(got[0].Error(), "column c of table ") || !strings.Contains(got[0].Error(), want) {
				t.Errorf("got %v, want one with %q", got, want)
			}
			if p.Schema().Columns[0].Default != nil {
				t.Errorf("the schema has the default %s", p.Schema().Columns[0].Default)
			}
		})
	}
	if p, err := row.Compile(parse(t, "c INT DEFAULT 1"), nil); err != nil || p.UnreadDefaults() != nil {
		t.Errorf("a default that is read: %v, %v", p.UnreadDefaults(), err)
	}
}
