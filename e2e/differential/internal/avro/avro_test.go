package avro_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	hamba "github.com/hamba/avro/v2"

	"github.com/leat-io/leat/e2e/differential/internal/avro"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

const everything = `{"type":"record","name":"R","namespace":"n","fields":[
	{"name":"z","type":"boolean"},{"name":"i","type":"int"},{"name":"l","type":"long"},{"name":"f","type":"float"},{"name":"d","type":"double"},
	{"name":"b","type":{"type":"bytes","connect.version":1}},{"name":"s","type":"string"},
	{"name":"u","type":["null",{"type":"record","name":"Inner","fields":[{"name":"x","type":"int"}]}],"default":null},
	{"name":"v","type":["null","Inner"],"default":null},{"name":"a","type":{"type":"array","items":"long"}},{"name":"m","type":{"type":"map","values":"string"}},
	{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},{"name":"x","type":{"type":"fixed","name":"X","size":2}}]}`

// TestDecode has another library encode what is decoded here.
func TestDecode(t *testing.T) {
	t.Parallel()
	s, err := avro.Parse(everything)
	if err != nil {
		t.Fatal(err)
	}
	b, err := hamba.Marshal(hamba.MustParse(everything), map[string]any{
		"z": true, "i": -3, "l": int64(1) << 60, "f": float32(1.5), "d": -0.1, "b": []byte{0x7b}, "s": "é",
		"u": nil, "v": map[string]any{"n.Inner": map[string]any{"x": 7}}, "a": []int64{1, -2}, "m": map[string]string{"k": "v"}, "e": "B", "x": [2]byte{1, 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	want := tree.Object{
		{Name: "z", Value: true},
		{Name: "i", Value: int64(-3)},
		{Name: "l", Value: int64(1) << 60},
		{Name: "f", Value: 1.5},
		{Name: "d", Value: -0.1},
		{Name: "b", Value: []byte{0x7b}},
		{Name: "s", Value: "é"},
		{Name: "u", Value: nil},
		{Name: "v", Value: tree.Object{{Name: "x", Value: int64(7)}}},
		{Name: "a", Value: []any{int64(1), int64(-2)}},
		{Name: "m", Value: tree.Object{{Name: "k", Value: "v"}}},
		{Name: "e", Value: "B"},
		{Name: "x", Value: []byte{1, 2}},
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
}

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		schema string
		bytes  []byte
		want   error
	}{
		"ErrShort: in a string":       {`"string"`, []byte{8, 'a'}, avro.ErrShort},
		"ErrShort: in a number":       {`"long"`, []byte{0x80}, avro.ErrShort},
		"ErrShort: in a double":       {`"double"`, []byte{1, 2}, avro.ErrShort},
		"ErrShort: negative length":   {`"bytes"`, []byte{1}, avro.ErrShort},
		"ErrShort: absurd array":      {`{"type":"array","items":"null"}`, []byte{0xfe, 0xff, 0xff, 0xff, 0x0f}, avro.ErrShort},
		"ErrTrailing":                 {`"int"`, []byte{2, 0}, avro.ErrTrailing},
		"ErrBytes: branch of a union": {`["null","int"]`, []byte{4}, avro.ErrBytes},
		"ErrBytes: boolean":           {`"boolean"`, []byte{2}, avro.ErrBytes},
		"ErrBytes: symbol":            {`{"type":"enum","name":"E","symbols":["A"]}`, []byte{2}, avro.ErrBytes},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := avro.Parse(test.schema)
			if err != nil {
				t.Fatal(err)
			}
			if v, err := s.Decode(test.bytes); !errors.Is(err, test.want) {
				t.Errorf("%v, error %v, want %v", v, err, test.want)
			}
		})
	}
}

func TestParseErrSchema(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON": `{`, "number": `1`, "unknown type": `"n.R"`, "type later than its use": `{"type":"record","name":"R","fields":[{"name":"a","type":"S"}]}`,
		"fixed without a size": `{"type":"fixed","name":"F"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := avro.Parse(text); !errors.Is(err, avro.ErrSchema) {
				t.Errorf("error %v, want ErrSchema", err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	s, err := avro.Parse(everything)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := s.Decode(b); err == nil && len(v.(tree.Object)) != 13 {
			t.Errorf("%x is decoded to %s", b, tree.Text(v))
		}
	})
}
