package avro_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/avro"
)

func parse(t *testing.T, fields string) *avro.Schema {
	t.Helper()
	s, err := avro.Parse(`{"type":"record","name":"R","fields":[` + fields + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemaCanRead(t *testing.T) {
	t.Parallel()
	const a = `{"name":"a","type":"int"}`
	tests := map[string]struct {
		reader, writer string
		want           bool
	}{
		"the same":                    {a, a, true},
		"a new field with a default":  {a + `,{"name":"b","type":["null","int"],"default":null}`, a, true},
		"a new field without default": {a + `,{"name":"b","type":"int"}`, a, false},
		"a field less":                {a, a + `,{"name":"b","type":"int"}`, true},
		"int to long":                 {`{"name":"a","type":"long"}`, a, true},
		"long to int":                 {a, `{"name":"a","type":"long"}`, false},
		"int to string":               {`{"name":"a","type":"string"}`, a, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := parse(t, tt.reader).CanRead(parse(t, tt.writer))
			if got := err == nil; got != tt.want {
				t.Errorf("can read: %v (%v), want %v", got, err, tt.want)
			}
		})
	}
}

func TestSchemaDecode(t *testing.T) {
	t.Parallel()
	s := parse(t, `{"name":"a","type":"int"},{"name":"b","type":["null","string"]}`)
	w := avro.NewWriter(16)
	w.WriteInt(7)
	w.WriteLong(1)
	w.WriteString("x")
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		got, err := s.Decode(w.Buffer())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]any{"a": 7, "b": "x"}, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("bytes that end too early", func(t *testing.T) {
		t.Parallel()
		if _, err := s.Decode(w.Buffer()[:2]); err == nil {
			t.Error("want an error")
		}
	})
}

func TestParseError(t *testing.T) {
	t.Parallel()
	if _, err := avro.Parse(`{"type":"rec`); err == nil {
		t.Error("want an error")
	}
}
