package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"cloud.google.com/go/bigquery"
	"github.com/google/go-cmp/cmp"
)

func envelope(fields string) []byte {
	return fmt.Appendf(nil, `{"type":"record","name":"Envelope","fields":[
		{"name":"before","type":["null",{"type":"record","name":"Value","fields":[%s]}]},{"name":"after","type":["null","Value"]},
		{"name":"source","type":{"type":"record","name":"Source","fields":[]}},{"name":"op","type":"string"}]}`, fields)
}

func key(fields string) []byte {
	return fmt.Appendf(nil, `{"type":"record","name":"Key","fields":[%s]}`, fields)
}

func TestColumnTypes(t *testing.T) {
	t.Parallel()
	decimal := func(precision, scale int) string {
		return fmt.Sprintf(`{"type":"bytes","precision":%d,"scale":%d,"connect.name":"org.apache.kafka.connect.data.Decimal"}`, precision, scale)
	}
	for in, want := range map[string]string{
		`"boolean"`: "BOOLEAN", `"int"`: "INTEGER", `"long"`: "INTEGER", `"float"`: "FLOAT", `"double"`: "FLOAT", `"string"`: "STRING", `"bytes"`: "BYTES",
		`["null","long"]`: "INTEGER", `["long","null"]`: "INTEGER",
		`{"type":"enum","name":"E","symbols":["A"]}`: "STRING", `{"type":"fixed","name":"F","size":2}`: "BYTES",
		`{"type":"string","connect.name":"io.debezium.data.Json"}`:           "JSON",
		`{"type":"string","connect.name":"io.debezium.data.Enum"}`:           "STRING",
		`{"type":"bytes","connect.name":"io.debezium.data.Bits"}`:            "BYTES",
		`{"type":"int","connect.name":"io.debezium.time.Date"}`:              "DATE",
		`{"type":"int","logicalType":"date"}`:                                "DATE",
		`{"type":"int","connect.name":"io.debezium.time.Year"}`:              "INTEGER",
		`{"type":"long","connect.name":"io.debezium.time.Timestamp"}`:        "DATETIME",
		`{"type":"long","connect.name":"io.debezium.time.MicroTimestamp"}`:   "DATETIME",
		`{"type":"long","logicalType":"timestamp-millis"}`:                   "TIMESTAMP",
		`{"type":"string","connect.name":"io.debezium.time.ZonedTimestamp"}`: "TIMESTAMP",
		`{"type":"long","connect.name":"io.debezium.time.MicroTime"}`:        "STRING",
		`{"type":"array","items":"float"}`:                                   "REPEATED FLOAT",
		decimal(10, 2):                                                       "NUMERIC", decimal(38, 9): "NUMERIC", decimal(29, 0): "NUMERIC",
		decimal(30, 0): "BIGNUMERIC", decimal(38, 38): "BIGNUMERIC", decimal(20, 10): "BIGNUMERIC", decimal(65, 0): "STRING", decimal(0, 0): "STRING",
		`{"type":"record","name":"R","fields":[{"name":"a","type":"long"}]}`: "RECORD",
	} {
		e, err := ParseEnvelope(envelope(`{"name":"c","type":`+in+`}`), nil)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		c := e.Columns[0]
		got := string(c.Type)
		if c.Repeated {
			got = "REPEATED " + got
		}
		if got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestParseEnvelopeRefuses(t *testing.T) {
	t.Parallel()
	const id = `{"name":"id","type":"long"}`
	nest := `"long"`
	for i := range 20 {
		nest = fmt.Sprintf(`{"type":"record","name":"R%d","fields":[{"name":"a","type":%s}]}`, i, nest)
	}
	tests := map[string]struct {
		value, key []byte
		want       string
	}{
		"no JSON":             {[]byte(`{`), nil, "parse Avro schema"},
		"no record":           {[]byte(`"long"`), nil, "is not a Debezium envelope"},
		"no op":               {key(id), nil, "is not a Debezium envelope"},
		"a map":               {envelope(`{"name":"m","type":{"type":"map","values":"long"}}`), nil, `field "m": type map has no column type in BigQuery: leave the column out`},
		"a union of types":    {envelope(`{"name":"u","type":["null","long","string"]}`), nil, `field "u": is a union of more than null and one type`},
		"columns of one name": {envelope(id + `,{"name":"ID","type":"long"}`), nil, "have the same name"},
		"a deep record":       {envelope(`{"name":"r","type":` + nest + `}`), nil, "is nested more than 15 deep"},
		"a key of no record":  {envelope(id), []byte(`"long"`), "has a key that is not a record"},
		"a key of no columns": {envelope(id), key(``), "has a key that is not a record"},
		"a key of another":    {envelope(id), key(`{"name":"x","type":"long"}`), `key field "x" is not a column of the row`},
		"a key of another type": {
			envelope(id), key(`{"name":"id","type":"string"}`), `key field "id" is not a column of the row`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := ParseEnvelope(tt.value, tt.key); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	e, err := ParseEnvelope(envelope(`{"name":"id","type":"long"},{"name":"note","type":["null","string"]},
		{"name":"r","type":{"type":"record","name":"R","fields":[{"name":"a","type":"long"}]}}`), key(`{"name":"id","type":"long"}`))
	if err != nil {
		t.Fatal(err)
	}
	field := func(name string, typ bigquery.FieldType) *bigquery.FieldSchema {
		return &bigquery.FieldSchema{Name: name, Type: typ}
	}
	record := func(fields ...*bigquery.FieldSchema) *bigquery.FieldSchema {
		return &bigquery.FieldSchema{Name: "r", Type: bigquery.RecordFieldType, Schema: fields}
	}
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		table := bigquery.Schema{field("x", bigquery.BytesFieldType), field("ID", bigquery.BigNumericFieldType), record(field("a", bigquery.IntegerFieldType))}
		fitted, missing, err := Fit(e.Columns, table)
		if err != nil {
			t.Fatal(err)
		}
		if fitted[0].Name != "ID" || fitted[0].Type != bigquery.BigNumericFieldType || len(missing) != 1 || missing[0].Name != "note" {
			t.Errorf("got %+v, missing %+v", fitted, missing)
		}
		if e.Columns[0].Name != "id" {
			t.Error("the columns themselves are changed")
		}
	})
	tests := map[string]struct {
		table     bigquery.Schema
		want      string
		alterable bool
	}{
		"a narrower type":       {bigquery.Schema{field("id", bigquery.BooleanFieldType)}, `column "id" is BOOLEAN, which does not take the values of INTEGER`, false}, // BigQuery alters no BOOL
		"another type":          {bigquery.Schema{field("note", bigquery.DateFieldType)}, `column "note" is DATE`, false},
		"a list":                {bigquery.Schema{{Name: "id", Type: bigquery.IntegerFieldType, Repeated: true}}, `column "id" is REPEATED on one side only`, false},
		"a record with less":    {bigquery.Schema{record()}, `column "r" lacks the field "a"`, false},
		"a record with another": {bigquery.Schema{record(field("a", bigquery.BytesFieldType))}, `in "r": column "a" is BYTES`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := Fit(e.Columns, tt.table)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			var m *Mismatch
			if got := errors.As(err, &m) && m.Alterable(); got != tt.alterable {
				t.Errorf("alterable: %v, want %v", got, tt.alterable)
			}
		})
	}
	t.Run("only the key is required", func(t *testing.T) {
		t.Parallel()
		var got []string
		for _, f := range Fields(e.Columns) {
			got = append(got, fmt.Sprint(f.Name, " ", f.Type, " ", f.Required, " ", len(f.Schema)))
		}
		if diff := cmp.Diff([]string{"id INTEGER true 0", "note STRING false 0", "r RECORD false 1"}, got); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	})
}
