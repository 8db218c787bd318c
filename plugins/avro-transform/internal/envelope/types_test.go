package envelope_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hamba/avro/v2"

	"github.com/leat-io/leat/plugins/avro-transform/internal/debezium"
	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/sdk"
)

// TestEveryType has the library encode a row by the schema that readers get, and
// expects the plan to take it for a row of the row schema, and to pass it on.
func TestEveryType(t *testing.T) {
	t.Parallel()
	geometry := map[string]any{"wkb": []byte{1}, "srid": 4326}
	point := map[string]any{"x": 1.5, "y": -2.5, "wkb": nil, "srid": nil}
	tests := map[string]struct {
		typ    sdk.Type
		native sdk.NativeType
		def    string
		value  any
	}{
		"boolean":     {sdk.Boolean, sdk.NativeType{Name: "BIT", Length: 1}, `true`, false},
		"int16":       {sdk.Int, sdk.NativeType{Name: "SMALLINT"}, `3`, -5},
		"date":        {sdk.Int, sdk.NativeType{Name: "DATE"}, `18263`, 20000},
		"long":        {sdk.Long, sdk.NativeType{Name: "BIGINT"}, `1`, int64(1) << 60},
		"datetime":    {sdk.Long, sdk.NativeType{Name: "DATETIME", Length: 6}, `0`, int64(1_700_000_000_000_001)},
		"float":       {sdk.Float, sdk.NativeType{Name: "FLOAT"}, `0.1`, float32(2.5)},
		"double":      {sdk.Double, sdk.NativeType{Name: "DOUBLE"}, `1e10`, 0.1},
		"enum":        {sdk.String, sdk.NativeType{Name: "ENUM", Values: []string{"a", "b"}}, `"a"`, "b"},
		"timestamp":   {sdk.String, sdk.NativeType{Name: "TIMESTAMP"}, `"1970-01-01T00:00:00Z"`, "2024-01-02T03:04:05Z"},
		"bits":        {sdk.Bytes, sdk.NativeType{Name: "BIT", Length: 9}, `"\u0005\u0000"`, []byte{1, 1}},
		"decimal":     {sdk.Bytes, sdk.NativeType{Name: "DECIMAL", Length: 10, Scale: 2}, `"\u0000\u0096"`, big.NewRat(-5, 4)},
		"blob":        {sdk.Bytes, sdk.NativeType{Name: "BLOB"}, "", []byte{}},
		"geometry":    {sdk.Geometry, sdk.NativeType{Name: "POLYGON"}, "", geometry},
		"point":       {sdk.Point, sdk.NativeType{Name: "POINT"}, "", point},
		"float array": {sdk.Vector, sdk.NativeType{Name: "VECTOR", Length: 3}, "", []any{float32(1), float32(-0.5)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			required := sdk.Column{Name: "required", Type: tt.typ, Native: tt.native}
			nullable := sdk.Column{Name: "nullable", Type: tt.typ, Native: tt.native, Nullable: true}
			null := sdk.Column{Name: "null", Type: tt.typ, Native: tt.native, Nullable: true}
			columns := []sdk.Column{required, nullable, null}
			value := map[string]any{"required": tt.value, "nullable": tt.value, "null": nil}
			if tt.def != "" {
				def := sdk.Column{Name: "default", Type: tt.typ, Native: tt.native, Nullable: true, Default: json.RawMessage(tt.def)}
				nullDef := def
				nullDef.Name = "null_default"
				columns = append(columns, def, nullDef)
				value["default"], value["null_default"] = tt.value, nil
			}
			passesOn(t, &sdk.RowSchema{Database: "d", Table: "t", Columns: columns}, value)
		})
	}
}

func passesOn(t *testing.T, r *sdk.RowSchema, v map[string]any) {
	t.Helper()
	names := make([]string, len(r.Columns))
	for i := range names {
		names[i] = r.Columns[i].Name
	}
	table, err := debezium.NewTable(r, "p.d.t", names)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := avro.ParseBytesWithCache(table.Envelope(), "", &avro.SchemaCache{})
	if err != nil {
		t.Fatal(err)
	}
	rowSchema := schema.(*avro.RecordSchema).Fields()[0].Type().(*avro.UnionSchema).Types()[1]
	b, err := avro.Marshal(rowSchema, wrap(r, v))
	if err != nil {
		t.Fatal(err)
	}
	p, err := envelope.Compile(envelope.Settings{Row: r, Fields: names, Name: "p"})
	if err != nil {
		t.Fatal(err)
	}
	c := change()
	c.Op, c.Key, c.Before, c.After = sdk.Create, nil, nil, b
	if err := p.Check(&c); err != nil {
		t.Fatal(err)
	}
	var got struct {
		After map[string]any `avro:"after"`
	}
	if err := avro.Unmarshal(schema, valueOf(p, &c)[5:], &got); err != nil {
		t.Fatal(err)
	}
	var want any
	if err := avro.Unmarshal(rowSchema, b, &want); err != nil {
		t.Fatal(err)
	}
	rats := cmp.Comparer(func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	if diff := cmp.Diff(map[string]any{"p.d.t.Value": want}, got.After, rats); diff != "" {
		t.Error(diff)
	}
}

// wrap names the branch of each union whose value is a structure, as the library
// wants it.
func wrap(r *sdk.RowSchema, v map[string]any) map[string]any {
	branches := map[sdk.Type]string{
		sdk.Geometry: "io.debezium.data.geometry.Geometry", sdk.Point: "io.debezium.data.geometry.Point", sdk.Vector: "array",
	}
	out := map[string]any{}
	for _, c := range r.Columns {
		out[c.Name] = v[c.Name]
		branch, ok := branches[c.Type]
		if c.Native.Name == "DECIMAL" {
			branch, ok = "bytes.decimal", true
		}
		if ok && c.Nullable && v[c.Name] != nil {
			out[c.Name] = map[string]any{branch: v[c.Name]}
		}
	}
	return out
}
