package debezium_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/debezium"
	"github.com/leat-io/leat/sdk"
)

// fieldOf returns the JSON of the only column's field, from the schema of the key.
func fieldOf(t *testing.T, c sdk.Column) string {
	t.Helper()
	table, err := debezium.NewTable(&sdk.RowSchema{Columns: []sdk.Column{c}, Key: []int{0}}, "n", []string{"f"})
	if err != nil {
		t.Fatal(err)
	}
	var key struct {
		Fields []json.RawMessage `json:"fields"`
	}
	if err := json.Unmarshal(table.Key(), &key); err != nil {
		t.Fatal(err)
	}
	parses(t, table.Envelope())
	return string(key.Fields[0])
}

func TestFields(t *testing.T) {
	t.Parallel()
	bare := func(typ string) string { return `{"name":"f","type":"` + typ + `"}` }
	tests := map[string]struct {
		column sdk.Column
		want   string
	}{
		"a float's default": {
			withDefault(column("f", sdk.Float, native("FLOAT")), `1e10`),
			`{"name":"f","type":{"type":"float","connect.default":1.0E10},"default":1.0E10}`,
		},
		"a double's default": {
			nullable(withDefault(column("f", sdk.Double, native("DOUBLE")), `1`)),
			`{"name":"f","type":[{"type":"double","connect.default":1.0},"null"],"default":1.0}`,
		},
		"a UUID of MariaDB": {
			column("f", sdk.String, native("UUID")),
			`{"name":"f","type":{"type":"string","connect.version":1,"connect.name":"io.debezium.data.Uuid"}}`,
		},
		"an address of MariaDB": {column("f", sdk.String, native("INET6")), bare("string")},
		"a boolean's default": {
			withDefault(column("f", sdk.Boolean, native("TINYINT", 1)), ` true `),
			`{"name":"f","type":{"type":"boolean","connect.default":true},"default":true}`,
		},
		"a long's default": {
			withDefault(column("f", sdk.Long, native("BIGINT")), `-9223372036854775808`),
			`{"name":"f","type":{"type":"long","connect.default":-9223372036854775808},"default":-9223372036854775808}`,
		},
		"a default is escaped as Java does": {
			withDefault(column("f", sdk.String, native("VARCHAR", 9)), `"\u003c\u0026>\"\\\/\b\t\n\f\r\u0001\u001f\u007f\u2028é"`),
			`{"name":"f","type":{"type":"string","connect.default":"<&>\"\\/\b\t\n\f\r\u0001\u001F` + "\u007f\u2028é" + `"},"default":"<&>\"\\/\b\t\n\f\r\u0001\u001F` + "\u007f\u2028é" + `"}`,
		},
		"labels with commas and backslashes": {
			column("f", sdk.String, labels("SET", `a,b`, `c\d`, `g'h`)),
			`{"name":"f","type":{"type":"string","connect.version":1,"connect.parameters":{"allowed":"a\\,b,c\\\\d,g'h"},"connect.name":"io.debezium.data.EnumSet"}}`,
		},
		"a decimal without numbers": {
			column("f", sdk.Bytes, native("DECIMAL")),
			`{"name":"f","type":{"type":"bytes","scale":0,"precision":10,"connect.version":1,"connect.parameters":{"scale":"0","connect.decimal.precision":"10"},"connect.name":"org.apache.kafka.connect.data.Decimal","logicalType":"decimal"}}`,
		},
		"a datetime of three digits": {
			column("f", sdk.Long, native("DATETIME", 3)),
			`{"name":"f","type":{"type":"long","connect.version":1,"connect.name":"io.debezium.time.Timestamp"}}`,
		},
		"a datetime of four digits": {
			column("f", sdk.Long, native("DATETIME", 4)),
			`{"name":"f","type":{"type":"long","connect.version":1,"connect.name":"io.debezium.time.MicroTimestamp"}}`,
		},
		"a required vector": {
			column("f", sdk.Vector, native("VECTOR", 3)),
			`{"name":"f","type":{"type":"array","items":"float","connect.version":1,"connect.name":"io.debezium.data.FloatVector"}}`,
		},
		"text of a type unknown here": {column("f", sdk.String, native("INET6")), bare("string")},
		"a medium integer":            {column("f", sdk.Int, native("MEDIUMINT")), bare("int")},
		"a small unsigned integer":    {column("f", sdk.Int, unsigned("SMALLINT")), bare("int")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, fieldOf(t, tt.column)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSecondGeometryIsAReference(t *testing.T) {
	t.Parallel()
	row := &sdk.RowSchema{Columns: []sdk.Column{
		column("a", sdk.Geometry, native("GEOMETRY")), nullable(column("b", sdk.Geometry, native("LINESTRING"))), nullable(column("c", sdk.Point, native("POINT"))),
	}}
	table, err := debezium.NewTable(row, "n", []string{"a", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	got := table.Envelope()
	parses(t, got)
	if n := bytes.Count(got, []byte(`"name":"Geometry"`)); n != 1 {
		t.Errorf("%d definitions", n)
	}
	if want := `{"name":"b","type":["null","io.debezium.data.geometry.Geometry"],"default":null}`; !bytes.Contains(got, []byte(want)) {
		t.Errorf("%s is not in %s", want, got)
	}
	if table.Key() != nil {
		t.Error("a table without a key has one")
	}
}

func TestNewTableFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column sdk.Column
		key    []int
		fields []string
		want   string
	}{
		"on an unknown type":        {column("x", "strange", native("INT")), nil, []string{"x"}, `"strange"`},
		"on a date as long":         {column("x", sdk.Long, native("DATE")), nil, []string{"x"}, "DATE as Avro long"},
		"on a decimal as string":    {column("x", sdk.String, native("DECIMAL")), nil, []string{"x"}, "DECIMAL as Avro string"},
		"on an enum as int":         {column("x", sdk.Int, native("ENUM")), nil, []string{"x"}, "ENUM as Avro int"},
		"on a json as bytes":        {column("x", sdk.Bytes, native("JSON")), nil, []string{"x"}, "JSON as Avro bytes"},
		"on a default of null":      {withDefault(column("x", sdk.Int, native("INT")), "null"), nil, []string{"x"}, "must be left out"},
		"on a default out of range": {withDefault(column("x", sdk.Int, native("INT")), "2147483648"), nil, []string{"x"}, "2147483648"},
		"on a default of a vector":  {withDefault(column("x", sdk.Vector, native("VECTOR")), "[1]"), nil, []string{"x"}, "no default"},
		"on a key beyond the row":   {column("x", sdk.Int, native("INT")), []int{1}, []string{"x"}, "column 1 of 1"},
		"on names for other rows":   {column("x", sdk.Int, native("INT")), nil, nil, "0 names for 1 columns"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := debezium.NewTable(&sdk.RowSchema{Columns: []sdk.Column{tt.column}, Key: tt.key}, "n", tt.fields)
			if !errors.Is(err, debezium.ErrColumn) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
