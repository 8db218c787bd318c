package ddl_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/ddl"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// define carries out a CREATE TABLE in an empty latin1 database.
func define(t *testing.T, sql string, mode ddl.Mode) *table.Table {
	t.Helper()
	mode.Database = "db"
	c := ddl.NewCatalog(ddl.Database{Charset: "latin1", Collation: "latin1_swedish_ci"}, nil)
	c.Databases["db"] = c.Server
	changes, err := c.Apply(parseOne(t, sql, mode), mode)
	if err != nil {
		t.Fatalf("apply %s: %v", sql, err)
	}
	if len(changes) != 1 || changes[0].Op != ddl.Created || changes[0].Table == nil {
		t.Fatalf("apply %s: got %+v, want one created table", sql, changes)
	}
	return changes[0].Table
}

// columnJSON gives a column's stored form without its name.
func columnJSON(t *testing.T, c table.Column) string {
	t.Helper()
	c.Name = ""
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[len(`{"name":"",`) : len(b)-1])
}

func TestColumnDefinitions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sql  string
		mode ddl.Mode
		want string
	}{
		"integer":             {sql: "INTEGER", want: `"type":"INT","nullable":true`},
		"integer width":       {sql: "int(11) unsigned", want: `"type":"INT","unsigned":true,"nullable":true`},
		"tinyint of width 1":  {sql: "TINYINT(1)", want: `"type":"TINYINT","nullable":true,"length":1`},
		"boolean":             {sql: "BOOLEAN NOT NULL", want: `"type":"TINYINT","declared":"BOOL","length":1`},
		"zerofill":            {sql: "SMALLINT ZEROFILL", want: `"type":"SMALLINT","unsigned":true,"zerofill":true,"nullable":true,"length":5`},
		"serial":              {sql: "SERIAL", want: `"type":"BIGINT","declared":"SERIAL","unsigned":true,"auto_increment":true`},
		"decimal":             {sql: "DEC", want: `"type":"DECIMAL","nullable":true,"length":10,"scale":0`},
		"numeric":             {sql: "NUMERIC(38, 2) UNSIGNED", want: `"type":"DECIMAL","unsigned":true,"nullable":true,"length":38,"scale":2`},
		"fractional length":   {sql: "DECIMAL(19.5)", want: `"type":"DECIMAL","nullable":true,"length":19,"scale":0`},
		"float of 24 bits":    {sql: "FLOAT(24)", want: `"type":"FLOAT","nullable":true`},
		"float of 25 bits":    {sql: "FLOAT(25)", want: `"type":"DOUBLE","nullable":true`},
		"float with scale":    {sql: "FLOAT(30,4)", want: `"type":"FLOAT","nullable":true,"length":30,"scale":4`},
		"real":                {sql: "REAL", want: `"type":"DOUBLE","declared":"REAL","nullable":true`},
		"real as float":       {sql: "REAL", mode: ddl.Mode{RealAsFloat: true}, want: `"type":"FLOAT","nullable":true`},
		"double precision":    {sql: "DOUBLE PRECISION", want: `"type":"DOUBLE","nullable":true`},
		"char":                {sql: "CHARACTER", want: `"type":"CHAR","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci","length":1`},
		"char of length 0":    {sql: "CHAR(0)", want: `"type":"CHAR","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci","length":0`},
		"char varying":        {sql: "CHARACTER VARYING(3) CHARACTER SET 'utf8'", want: `"type":"VARCHAR","nullable":true,"charset":"utf8mb3","collation":"utf8mb3_general_ci","length":3`},
		"national":            {sql: "NATIONAL CHARACTER VARYING(3)", want: `"type":"VARCHAR","declared":"NVARCHAR","nullable":true,"charset":"utf8mb3","collation":"utf8mb3_general_ci","length":3`},
		"char byte":           {sql: "CHAR(4) BYTE", want: `"type":"BINARY","nullable":true,"length":4`},
		"text of bytes":       {sql: "TEXT CHARSET binary", want: `"type":"BLOB","nullable":true`},
		"binary attribute":    {sql: "VARCHAR(3) BINARY", want: `"type":"VARCHAR","nullable":true,"charset":"latin1","collation":"latin1_bin","length":3`},
		"collation alone":     {sql: "TEXT COLLATE utf8_bin", want: `"type":"TEXT","nullable":true,"charset":"utf8mb3","collation":"utf8mb3_bin"`},
		"collation of MySQL":  {sql: "TEXT CHARSET utf8mb4", want: `"type":"TEXT","nullable":true,"charset":"utf8mb4","collation":"utf8mb4_0900_ai_ci"`},
		"collation of others": {sql: "TEXT CHARSET utf8mb4", mode: ddl.Mode{MariaDB: true}, want: `"type":"TEXT","nullable":true,"charset":"utf8mb4","collation":"utf8mb4_general_ci"`},
		"contextual collation": {
			sql: "TEXT COLLATE uca1400_ai_ci", mode: ddl.Mode{MariaDB: true},
			want: `"type":"TEXT","nullable":true,"charset":"latin1","collation":"uca1400_ai_ci"`,
		},
		"long varchar":        {sql: "LONG VARCHAR", want: `"type":"MEDIUMTEXT","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci"`},
		"long varbinary":      {sql: "LONG VARBINARY", want: `"type":"MEDIUMBLOB","nullable":true`},
		"text by length":      {sql: "TEXT(300)", want: `"type":"TEXT","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci"`},
		"blob by length":      {sql: "BLOB(16777216)", want: `"type":"LONGBLOB","nullable":true`},
		"oversized varchar":   {sql: "VARCHAR(65536)", want: `"type":"MEDIUMTEXT","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci"`},
		"enum":                {sql: `ENUM('a','b,''c\'', x'64', 'e ') NOT NULL`, want: `"type":"ENUM","charset":"latin1","collation":"latin1_swedish_ci","values":["a","b,'c'","d","e"]`},
		"set without escapes": {sql: `SET('a\','b')`, mode: ddl.Mode{NoBackslashEscapes: true}, want: `"type":"SET","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci","values":["a\\","b"]`},
		"json":                {sql: "JSON", want: `"type":"JSON","nullable":true`},
		"json of MariaDB":     {sql: "JSON", mode: ddl.Mode{MariaDB: true}, want: `"type":"LONGTEXT","declared":"JSON","nullable":true,"charset":"utf8mb4","collation":"utf8mb4_bin"`},
		"types of MariaDB":    {sql: "INET6 NOT NULL DEFAULT '::'", mode: ddl.Mode{MariaDB: true}, want: `"type":"INET6","default":{"kind":"text","text":"::"}`},
		"uuid with default":   {sql: "UUID DEFAULT uuid() COMMENT 'x'", mode: ddl.Mode{MariaDB: true}, want: `"type":"UUID","nullable":true,"default":{"kind":"expr"},"comment":"x"`},
		"bare expression":     {sql: "INT DEFAULT 1 + 2 NOT NULL", mode: ddl.Mode{MariaDB: true}, want: `"type":"INT","default":{"kind":"expr"}`},
		"bit":                 {sql: "BIT DEFAULT b'0'", want: `"type":"BIT","nullable":true,"default":{"kind":"bits","text":"0"},"length":1`},
		"year":                {sql: "YEAR(4)", want: `"type":"YEAR","nullable":true`},
		"timestamp":           {sql: "TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)", want: `"type":"TIMESTAMP","nullable":true,"default":{"kind":"now"},"length":3`},
		"implicit timestamp":  {sql: "TIMESTAMP", mode: ddl.Mode{ImplicitTimestamps: true}, want: `"type":"TIMESTAMP","default":{"kind":"now"},"length":0`},
		"nullable timestamp":  {sql: "TIMESTAMP NULL", mode: ddl.Mode{ImplicitTimestamps: true}, want: `"type":"TIMESTAMP","nullable":true,"length":0`},
		"vector":              {sql: "VECTOR", want: `"type":"VECTOR","nullable":true,"length":2048`},
		"point with srid":     {sql: "POINT NOT NULL SRID 4326", want: `"type":"POINT","srid":4326`},
		"geometry collection": {sql: "GEOMCOLLECTION /*!80003 SRID 0 */", want: `"type":"GEOMETRYCOLLECTION","nullable":true,"srid":0`},
		"virtual":             {sql: "INT GENERATED ALWAYS AS (a + ')') VIRTUAL INVISIBLE", want: `"type":"INT","nullable":true,"invisible":true,"generated":"virtual"`},
		"stored":              {sql: "INT AS (1) PERSISTENT NOT NULL", want: `"type":"INT","generated":"stored"`},
		"row start":           {sql: "TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE", want: `"type":"TIMESTAMP","invisible":true,"generated":"stored","period":"start","length":6`},
		"references": {
			sql:  "INT NOT NULL REFERENCES p (a) MATCH FULL ON DELETE SET NULL ON UPDATE SET DEFAULT",
			want: `"type":"INT"`,
		},
		"unknown attributes":            {sql: "INT ENGINE_ATTRIBUTE='{}' COLUMN_FORMAT FIXED STORAGE DISK COMPRESSED=zlib NOT NULL", want: `"type":"INT"`},
		"check":                         {sql: "INT CONSTRAINT c CHECK (a > (1)) NOT ENFORCED NOT NULL", want: `"type":"INT"`},
		"introducer":                    {sql: "VARCHAR(9) DEFAULT _utf8mb4'a' 'b'", want: `"type":"VARCHAR","nullable":true,"charset":"latin1","collation":"latin1_swedish_ci","default":{"kind":"text","text":"ab"},"length":9`},
		"default in the column's bytes": {sql: "VARCHAR(9) CHARSET gbk DEFAULT x'b0a1'", want: `"type":"VARCHAR","nullable":true,"charset":"gbk","collation":"gbk_chinese_ci","default":{"kind":"text","text":"啊"},"length":9`},
	}
	for behaviour, tt := range tests {
		t.Run(behaviour, func(t *testing.T) {
			t.Parallel()
			got := define(t, "CREATE TABLE t (c "+tt.sql+", other INT)", tt.mode)
			if len(got.Columns) != 2 {
				t.Fatalf("got %d columns, want 2", len(got.Columns))
			}
			if diff := cmp.Diff(tt.want, columnJSON(t, got.Columns[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}
