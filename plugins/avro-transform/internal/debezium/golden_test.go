package debezium_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hamba/avro/v2"

	"github.com/leat-io/leat/plugins/avro-transform/internal/debezium"
	"github.com/leat-io/leat/plugins/avro-transform/internal/naming"
	"github.com/leat-io/leat/sdk"
)

// TestGolden compares with what Debezium registered for testdata/table.sql.
func TestGolden(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file string
		id   sdk.Column
	}{
		"bigint unsigned as long":    {"testdata/avro-long.txt", column("id", sdk.Long, unsigned("BIGINT"))},
		"bigint unsigned as decimal": {"testdata/avro-precise.txt", column("id", sdk.Bytes, unsigned("BIGINT"))},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden := readGolden(t, tt.file)
			row := customers(tt.id)
			table := newTable(t, row)
			equal(t, golden["inventory.customers KEY"], table.Key())
			equal(t, golden["inventory.customers ENVELOPE"], table.Envelope())
			parses(t, table.Key())
			parses(t, table.Envelope())
		})
	}
}

// customers is testdata/table.sql as the source describes it.
func customers(id sdk.Column) *sdk.RowSchema {
	null := nullable
	return &sdk.RowSchema{Database: "inventory", Table: "customers", Key: []int{0}, Columns: []sdk.Column{
		id,
		column("ti", sdk.Int, native("TINYINT")),
		withDefault(column("ti1", sdk.Int, native("TINYINT", 1)), `1`),
		null(column("bo", sdk.Boolean, native("TINYINT", 1))),
		null(column("tu", sdk.Int, unsigned("TINYINT"))),
		null(withDefault(column("si", sdk.Int, native("SMALLINT")), `3`)),
		null(column("su", sdk.Int, unsigned("SMALLINT"))),
		null(column("mi", sdk.Int, native("MEDIUMINT"))),
		null(column("mu", sdk.Int, unsigned("MEDIUMINT"))),
		withDefault(column("i", sdk.Int, native("INT")), `5`),
		null(column("iu", sdk.Long, unsigned("INT"))),
		null(column("bi", sdk.Long, native("BIGINT"))),
		null(column("f", sdk.Float, native("FLOAT"))),
		null(column("f24", sdk.Float, native("FLOAT", 24))),
		null(column("f30", sdk.Double, native("FLOAT", 30))),
		null(column("fm", sdk.Double, native("FLOAT", 7, 4))),
		null(column("d", sdk.Double, native("DOUBLE"))),
		null(column("r", sdk.Float, native("DOUBLE"))),
		withDefault(column("de", sdk.Bytes, native("DECIMAL", 10, 2)), "\"\\u0000\\u0096\""),
		null(column("dn", sdk.Bytes, native("DECIMAL", 38))),
		null(column("b1", sdk.Boolean, native("BIT", 1))),
		withDefault(column("b8", sdk.Bytes, native("BIT", 8)), `"\u0005"`),
		null(column("c", sdk.String, native("CHAR", 3))),
		withDefault(column("v", sdk.String, native("VARCHAR", 64)), `"x"`),
		null(column("t", sdk.String, native("TEXT"))),
		null(column("bn", sdk.Bytes, native("BINARY", 4))),
		null(column("vb", sdk.Bytes, native("VARBINARY", 8))),
		null(column("bl", sdk.Bytes, native("BLOB"))),
		withDefault(column("e", sdk.String, labels("ENUM", "a", "b,c")), `"a"`),
		null(column("se", sdk.String, labels("SET", "x", "y"))),
		null(column("j", sdk.String, native("JSON"))),
		null(column("y", sdk.Int, native("YEAR"))),
		withDefault(column("da", sdk.Int, native("DATE")), `18263`),
		null(column("tm", sdk.Long, native("TIME", 6))),
		null(column("dt", sdk.Long, native("DATETIME"))),
		null(column("dt3", sdk.Long, native("DATETIME", 3))),
		withDefault(column("dt6", sdk.Long, native("DATETIME", 6)), `0`),
		withDefault(column("ts", sdk.String, native("TIMESTAMP")), `"1970-01-01T00:00:00Z"`),
		null(column("ts6", sdk.String, native("TIMESTAMP", 6))),
		null(column("g", sdk.Geometry, native("GEOMETRY"))),
		null(column("po", sdk.Point, native("POINT"))),
		null(column("vec", sdk.Vector, native("VECTOR", 3))),
		null(column("gen", sdk.Int, native("INT"))),
		null(column("inv", sdk.Int, native("INT"))),
		null(column("we-ird name", sdk.Int, native("INT"))),
	}}
}

func newTable(t *testing.T, row *sdk.RowSchema) *debezium.Table {
	t.Helper()
	rules := naming.Rules{TopicPrefix: "dbserver1", Schema: naming.Avro, Field: naming.Avro}
	names := make([]string, len(row.Columns))
	for i, c := range row.Columns {
		names[i] = c.Name
	}
	fields, err := rules.Fields(names)
	if err != nil {
		t.Fatal(err)
	}
	table, err := debezium.NewTable(row, rules.Of(row.Database, row.Table).Namespace, fields)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// readGolden returns the compact schemas of a file by their headings.
func readGolden(t *testing.T, file string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	golden := map[string]string{}
	for _, section := range strings.Split(string(b), "## ")[1:] {
		heading, text, _ := strings.Cut(section, "\n")
		text, _, _ = strings.Cut(text, "\n##")
		var compact bytes.Buffer
		dec := json.NewDecoder(strings.NewReader(text))
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			continue // headings of the offsets below the schemas
		}
		if err := json.Compact(&compact, raw); err != nil {
			t.Fatal(err)
		}
		golden[heading] = compact.String()
	}
	return golden
}

func equal(t *testing.T, want string, got []byte) {
	t.Helper()
	if want == "" {
		t.Fatal("nothing to compare with")
	}
	split := strings.NewReplacer(",", ",\n")
	if diff := cmp.Diff(split.Replace(want), split.Replace(string(got))); diff != "" {
		t.Error(diff)
	}
}

func parses(t *testing.T, schema []byte) {
	t.Helper()
	if _, err := avro.ParseBytesWithCache(schema, "", &avro.SchemaCache{}); err != nil {
		t.Errorf("%v in %s", err, schema)
	}
}

func column(name string, typ sdk.Type, n sdk.NativeType) sdk.Column {
	return sdk.Column{Name: name, Type: typ, Native: n}
}

func nullable(c sdk.Column) sdk.Column {
	c.Nullable = true
	return c
}

func withDefault(c sdk.Column, text string) sdk.Column {
	c.Default = json.RawMessage(text)
	return c
}

func native(name string, args ...int) sdk.NativeType {
	n := sdk.NativeType{Name: name, Length: -1, Scale: -1}
	if len(args) > 0 {
		n.Length = args[0]
	}
	if len(args) > 1 {
		n.Scale = args[1]
	}
	return n
}

func unsigned(name string) sdk.NativeType {
	n := native(name)
	n.Unsigned = true
	return n
}

func labels(name string, values ...string) sdk.NativeType {
	n := native(name)
	n.Values = values
	return n
}
