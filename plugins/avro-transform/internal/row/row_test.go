package row_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/row"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// sample is a column, bytes of a value of it, and the text of that value.
type sample struct {
	column sdk.Column
	bytes  []byte
	text   string
}

func native(name string, scale int) sdk.NativeType {
	return sdk.NativeType{Name: name, Length: -1, Scale: scale}
}

func encode(fill func(w *avro.Writer)) []byte {
	w := avro.NewWriter(64)
	fill(w)
	return w.Buffer()
}

func floats(values ...float32) []byte {
	b := binary.AppendVarint(nil, int64(len(values)))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return append(b, 0)
}

var samples = map[string]sample{
	"boolean":          {sdk.Column{Type: sdk.Boolean}, []byte{1}, `true`},
	"int":              {sdk.Column{Type: sdk.Int}, encode(func(w *avro.Writer) { w.WriteInt(math.MinInt32) }), `-2147483648`},
	"long":             {sdk.Column{Type: sdk.Long}, encode(func(w *avro.Writer) { w.WriteLong(math.MaxInt64) }), `9223372036854775807`},
	"float":            {sdk.Column{Type: sdk.Float}, encode(func(w *avro.Writer) { w.WriteFloat(0.1) }), `0.1`},
	"double":           {sdk.Column{Type: sdk.Double}, encode(func(w *avro.Writer) { w.WriteDouble(1e10) }), `1.0E10`},
	"string":           {sdk.Column{Type: sdk.String}, encode(func(w *avro.Writer) { w.WriteString(`a"\é` + "\n") }), `"a\"\\é` + "\n" + `"`},
	"bytes":            {sdk.Column{Type: sdk.Bytes, Native: native("BINARY", -1)}, encode(func(w *avro.Writer) { w.WriteBytes([]byte{1, 2, 3, 255}) }), `"AQID/w=="`},
	"decimal":          {sdk.Column{Type: sdk.Bytes, Native: native("DECIMAL", 2)}, encode(func(w *avro.Writer) { w.WriteBytes([]byte{0xff, 0x38}) }), `-2.00`},
	"decimal unscaled": {sdk.Column{Type: sdk.Bytes, Native: native("DECIMAL", -1)}, encode(func(w *avro.Writer) { w.WriteBytes([]byte{5}) }), `5`},
	"bigint as bytes":  {sdk.Column{Type: sdk.Bytes, Native: native("BIGINT", -1)}, encode(func(w *avro.Writer) { w.WriteBytes([]byte{0, 0xff}) }), `255`},
	"null":             {sdk.Column{Type: sdk.Long, Nullable: true}, []byte{0}, `null`},
	"no null":          {sdk.Column{Type: sdk.Long, Nullable: true}, []byte{2, 4}, `2`},
	"null by default":  {sdk.Column{Type: sdk.Long, Nullable: true, Default: json.RawMessage("1")}, []byte{2}, `null`},
	"value by default": {sdk.Column{Type: sdk.Long, Nullable: true, Default: json.RawMessage("1")}, []byte{0, 4}, `2`},
	"geometry":         {sdk.Column{Type: sdk.Geometry}, []byte{2, 9, 2, 8}, `{"wkb":"CQ==","srid":4}`},
	"geometry without": {sdk.Column{Type: sdk.Geometry}, []byte{2, 9, 0}, `{"wkb":"CQ==","srid":null}`},
	"point": {
		sdk.Column{Type: sdk.Point},
		encode(func(w *avro.Writer) {
			w.WriteDouble(1)
			w.WriteDouble(2)
			w.WriteLong(1)
			w.WriteBytes([]byte{9})
			w.WriteLong(0)
		}),
		`{"x":1.0,"y":2.0,"wkb":"CQ==","srid":null}`,
	},
	"point without": {
		sdk.Column{Type: sdk.Point},
		encode(func(w *avro.Writer) {
			w.WriteDouble(1)
			w.WriteDouble(2)
			w.WriteLong(0)
			w.WriteLong(1)
			w.WriteInt(1)
		}),
		`{"x":1.0,"y":2.0,"wkb":null,"srid":1}`,
	},
	"vector":       {sdk.Column{Type: sdk.Vector}, floats(1, 2.5), `[1.0,2.5]`},
	"empty vector": {sdk.Column{Type: sdk.Vector}, []byte{0}, `[]`},
	"vector in sized blocks": {
		sdk.Column{Type: sdk.Vector}, []byte{1, 8, 0, 0, 128, 63, 2, 0, 0, 128, 63, 0}, `[1.0,1.0]`,
	},
}

func shape(t testing.TB, c ...sdk.Column) *row.Shape {
	t.Helper()
	fields := []string{"a", `b"`, "c"}
	s, err := row.New(&sdk.RowSchema{Columns: c}, fields, row.All(&sdk.RowSchema{Columns: c}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSamples(t *testing.T) {
	t.Parallel()
	for name, tt := range samples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shape(t, tt.column)
			if err := s.Check(tt.bytes); err != nil {
				t.Error(err)
			}
			got, err := s.AppendText(nil, tt.bytes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(`{"a":`+tt.text+`}`, string(got)); diff != "" {
				t.Error(diff)
			}
			for n := range tt.bytes {
				if err := s.Check(tt.bytes[:n]); !errors.Is(err, row.ErrRow) {
					t.Errorf("cut to %d of %d bytes: %v", n, len(tt.bytes), err)
				}
				if _, err := s.AppendText(nil, tt.bytes[:n]); !errors.Is(err, row.ErrRow) {
					t.Errorf("text, cut to %d of %d bytes: %v", n, len(tt.bytes), err)
				}
			}
		})
	}
}

func TestAppendTextOfSeveral(t *testing.T) {
	t.Parallel()
	s := shape(t, sdk.Column{Type: sdk.Int}, sdk.Column{Type: sdk.Boolean}, sdk.Column{Type: sdk.Int})
	got, err := s.AppendText([]byte("x"), []byte{2, 0, 4})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`x{"a":1,"b\"":false,"c":2}`, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column sdk.Column
		bytes  []byte
	}{
		"on bytes behind the row":       {sdk.Column{Type: sdk.Int}, []byte{2, 2}},
		"on a boolean of 2":             {sdk.Column{Type: sdk.Boolean}, []byte{2}},
		"on an int of 33 bits":          {sdk.Column{Type: sdk.Int}, binary.AppendVarint(nil, 1<<31)},
		"on an int of six bytes":        {sdk.Column{Type: sdk.Int}, []byte{128, 128, 128, 128, 128, 0}},
		"on an array without an end":    {sdk.Column{Type: sdk.Vector}, []byte{2, 0, 0, 128, 63}},
		"on a varint without an end":    {sdk.Column{Type: sdk.Long}, []byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},
		"on a union's third branch":     {sdk.Column{Type: sdk.Int, Nullable: true}, []byte{4, 2}},
		"on a negative length":          {sdk.Column{Type: sdk.Bytes}, []byte{1}},
		"on a length beyond the end":    {sdk.Column{Type: sdk.String}, binary.AppendVarint(nil, math.MaxInt64)},
		"on a block beyond the end":     {sdk.Column{Type: sdk.Vector}, binary.AppendVarint(nil, math.MaxInt64)},
		"on the least count of a block": {sdk.Column{Type: sdk.Vector}, append(binary.AppendVarint(nil, math.MinInt64), 0)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shape(t, tt.column)
			if err := s.Check(tt.bytes); !errors.Is(err, row.ErrRow) {
				t.Errorf("got %v", err)
			}
			if _, err := s.AppendText(nil, tt.bytes); !errors.Is(err, row.ErrRow) {
				t.Errorf("text: got %v", err)
			}
		})
	}
}

// TestCheckOfNumbers has numbers of every length before the end of a row and
// far from it.
func TestCheckOfNumbers(t *testing.T) {
	t.Parallel()
	for _, tail := range []int{0, 1, 7, 20} {
		s := shape(t, sdk.Column{Type: sdk.Long}, sdk.Column{Type: sdk.Int}, sdk.Column{Type: sdk.String})
		for shift := range 64 {
			b := binary.AppendVarint(nil, math.MinInt64>>shift)
			b = binary.AppendVarint(b, math.MinInt32>>(shift/2))
			b = append(binary.AppendVarint(b, int64(tail)), make([]byte, tail)...)
			if err := s.Check(b); err != nil {
				t.Errorf("2^%d, %d bytes behind: %v", 63-shift, tail, err)
			}
			if err := s.Check(b[:len(b)-1]); !errors.Is(err, row.ErrRow) {
				t.Errorf("2^%d, %d bytes behind, cut short: got %v", 63-shift, tail, err)
			}
		}
	}
}

// FuzzCheck proves that no bytes cause a panic, and that text is made of exactly
// those that Check accepts.
func FuzzCheck(f *testing.F) {
	var columns []sdk.Column
	var whole []byte
	for _, name := range []string{"boolean", "null by default", "decimal", "string", "geometry", "point", "vector", "float", "double"} {
		columns, whole = append(columns, samples[name].column), append(whole, samples[name].bytes...)
	}
	fields := make([]string, len(columns))
	schema := &sdk.RowSchema{Columns: columns}
	s, err := row.New(schema, fields, row.All(schema))
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Check(whole); err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte{1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		check := s.Check(b)
		_, text := s.AppendText(nil, b)
		if (check == nil) != (text == nil) {
			t.Errorf("check says %v, text says %v", check, text)
		}
	})
}
