package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/leat-io/leat/sdk"
	leatavro "github.com/leat-io/leat/sdk/avro"
)

// kind is a kind of column of the wide table, and a value of it.
type kind struct {
	typ    sdk.Type
	native sdk.NativeType
	def    string
	count  int
	write  func(*leatavro.Writer)
}

func long(v int64) func(*leatavro.Writer) {
	return func(w *leatavro.Writer) { w.WriteLong(v) }
}

func text(n int) func(*leatavro.Writer) {
	return func(w *leatavro.Writer) { w.WriteString(strings.Repeat("x", n)) }
}

// kinds are mixed as in tables of people: most columns may be null, few have a
// default, a third is text.
var kinds = []kind{
	{sdk.Boolean, sdk.NativeType{Name: "BIT", Length: 1}, "", 2, func(w *leatavro.Writer) { w.WriteBool(true) }},
	{sdk.Int, sdk.NativeType{Name: "INT"}, "3", 9, long(1 << 20)},
	{sdk.Int, sdk.NativeType{Name: "DATE"}, "", 2, long(20_000)},
	{sdk.Long, sdk.NativeType{Name: "BIGINT"}, "", 4, long(-1_000_003)},
	{sdk.Long, sdk.NativeType{Name: "DATETIME", Length: 6}, "", 6, long(1_700_000_000_000_001)},
	{sdk.Float, sdk.NativeType{Name: "FLOAT"}, "", 1, func(w *leatavro.Writer) { w.WriteFloat(1.5) }},
	{sdk.Double, sdk.NativeType{Name: "DOUBLE"}, "", 1, func(w *leatavro.Writer) { w.WriteDouble(0.1) }},
	{sdk.Bytes, sdk.NativeType{Name: "DECIMAL", Length: 20, Scale: 6}, "", 4, text(8)},
	{sdk.Bytes, sdk.NativeType{Name: "BLOB"}, "", 8, text(32)},
	{sdk.String, sdk.NativeType{Name: "TIMESTAMP"}, "", 3, text(20)},
	{sdk.String, sdk.NativeType{Name: "VARCHAR", Length: 40}, `"none"`, 8, text(30)},
	{sdk.String, sdk.NativeType{Name: "TEXT"}, "", 7, text(180)},
	{sdk.Point, sdk.NativeType{Name: "POINT"}, "", 1, func(w *leatavro.Writer) {
		w.WriteDouble(1)
		w.WriteDouble(2)
		w.WriteLong(1)
		w.WriteBytes(make([]byte, 21))
		w.WriteLong(0)
	}},
	{sdk.Geometry, sdk.NativeType{Name: "POLYGON"}, "", 3, func(w *leatavro.Writer) { w.WriteBytes(make([]byte, 40)); w.WriteLong(0) }},
	{sdk.Vector, sdk.NativeType{Name: "VECTOR", Length: 3}, "", 1, func(w *leatavro.Writer) {
		w.WriteLong(3)
		w.WriteFloat(1)
		w.WriteFloat(2)
		w.WriteFloat(3)
		w.WriteLong(0)
	}},
}

// wideTable is one of 61 columns of all types, whose first is the key, and a row of it.
func wideTable() (*sdk.RowSchema, []byte) {
	schema := &sdk.RowSchema{
		Database: "shop", Table: "wide", Key: []int{0},
		Columns: []sdk.Column{{Name: "id", Type: sdk.Long, Native: sdk.NativeType{Name: "BIGINT"}}},
	}
	w := leatavro.NewWriter(4 << 10)
	w.WriteLong(1)
	for i, k := range kinds {
		for n := range k.count {
			c := sdk.Column{Name: fmt.Sprintf("c_%d_%d", i, n), Type: k.typ, Native: k.native, Nullable: n%4 != 3}
			if n%2 == 1 && k.def != "" {
				c.Default = json.RawMessage(k.def)
			}
			schema.Columns = append(schema.Columns, c)
			switch {
			case c.Nullable && n%8 == 6:
				w.WriteLong(1 - c.ValueIndex())
				continue
			case c.Nullable:
				w.WriteLong(c.ValueIndex())
			}
			k.write(w)
		}
	}
	return schema, w.Buffer()
}
