package avrotype

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	long, null := &Type{Kind: Long}, &Type{Kind: Null}
	tests := map[string]struct {
		in   string
		want *Type
	}{
		"a name":               {`"long"`, long},
		"an annotated type":    {`{"type":"int","connect.name":"a.Date","logicalType":"date"}`, &Type{Kind: Int, Connect: "a.Date", Logical: "date"}},
		"a type within a type": {`{"type":{"type":"long"}}`, long},
		"a decimal":            {`{"type":"bytes","logicalType":"decimal","precision":5,"scale":2}`, &Type{Kind: Bytes, Logical: "decimal", Precision: 5, Scale: 2}},
		"a union":              {`["null","long"]`, &Type{Kind: Union, Branches: []*Type{null, long}}},
		"an array":             {`{"type":"array","items":"long"}`, &Type{Kind: Array, Items: long}},
		"a map":                {`{"type":"map","values":"long"}`, &Type{Kind: Map, Items: long}},
		"an enum":              {`{"type":"enum","name":"E","symbols":["A","B"]}`, &Type{Kind: Enum, Name: "E", Symbols: []string{"A", "B"}}},
		"a fixed":              {`{"type":"fixed","name":"a.F","size":4}`, &Type{Kind: Fixed, Name: "a.F", Size: 4}},
		"a record":             {`{"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":"long"}]}`, &Type{Kind: Record, Name: "n.R", Fields: []Field{{"x", long}}}},
		"names in namespaces": {
			`{"type":"record","name":"a.R","fields":[{"name":"x","type":{"type":"fixed","name":"F","size":1}},{"name":"y","type":"F"},{"name":"z","type":"a.F"}]}`,
			&Type{Kind: Record, Name: "a.R", Fields: []Field{
				{"x", &Type{Kind: Fixed, Name: "a.F", Size: 1}}, {"y", &Type{Kind: Fixed, Name: "a.F", Size: 1}}, {"z", &Type{Kind: Fixed, Name: "a.F", Size: 1}},
			}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("type (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a record in itself is the same type", func(t *testing.T) {
		t.Parallel()
		got, err := Parse([]byte(`{"type":"record","name":"R","fields":[{"name":"r","type":["null","R"]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if inner, _, ok := got.Field("r").Optional(); !ok || inner != got {
			t.Errorf("got %v, want the record itself", inner)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"no JSON": `{`, "a number": `5`, "an unknown name": `"longer"`, "a record without fields": `{"type":"record","name":"R"}`,
		"a field that is none": `{"type":"record","name":"R","fields":[5]}`, "a field of an unknown type": `{"type":"record","name":"R","fields":[{"name":"x","type":"y"}]}`,
		"a bad branch": `["null","x"]`, "no type": `{}`, "an array of nothing": `{"type":"array"}`,
		"a deep nest": strings.Repeat(`{"type":"array","items":`, 200) + `"long"` + strings.Repeat(`}`, 200),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := Parse([]byte(in)); err == nil {
				t.Errorf("got %v, want an error", got)
			}
		})
	}
}

func TestOptional(t *testing.T) {
	t.Parallel()
	long, null := &Type{Kind: Long}, &Type{Kind: Null}
	tests := map[string]struct {
		in    *Type
		index int64
		ok    bool
	}{
		"no union":          {long, NotIndex, true},
		"null first":        {&Type{Kind: Union, Branches: []*Type{null, long}}, 1, true},
		"null last":         {&Type{Kind: Union, Branches: []*Type{long, null}}, 0, true},
		"two types":         {&Type{Kind: Union, Branches: []*Type{long, long}}, NotIndex, false},
		"null twice":        {&Type{Kind: Union, Branches: []*Type{null, null}}, NotIndex, false},
		"null and two more": {&Type{Kind: Union, Branches: []*Type{null, long, long}}, NotIndex, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, index, ok := tt.in.Optional()
			if index != tt.index || ok != tt.ok || ok && value != long {
				t.Errorf("got %v, %d, %v, want %d, %v", value, index, ok, tt.index, tt.ok)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"key", "value"} {
		b, err := os.ReadFile("../../testdata/customers-" + name + ".avsc")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := Parse(b); (got == nil) == (err == nil) {
			t.Errorf("got %v and %v", got, err)
		}
	})
}
