package sdk

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSchemaIDIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	row := &RowSchema{Database: "d", Table: "t", Key: []int{0}, Columns: []Column{
		{Name: "id", Type: Long, Native: NativeType{Name: "BIGINT", Length: -1, Scale: -1, Unsigned: true}},
		{Name: "s", Type: String, Nullable: true, Default: json.RawMessage(`"a"`), Native: NativeType{Name: "ENUM", Length: -1, Scale: -1, Values: []string{"a", "b"}}},
	}}
	message := &MessageSchema{Subject: "t-value", Registered: 7, Avro: json.RawMessage(`{"type":"string"}`)}
	tests := map[string]struct {
		schema Schema
		id     string
		json   string
	}{
		"row": {
			Schema{Row: row},
			"bafd45998afd7249",
			`{"row":{"database":"d","table":"t","columns":[` +
				`{"name":"id","type":"long","native":{"name":"BIGINT","length":-1,"scale":-1,"unsigned":true}},` +
				`{"name":"s","type":"string","nullable":true,"default":"a","native":{"name":"ENUM","length":-1,"scale":-1,"values":["a","b"]}}` +
				`],"key":[0]}}`,
		},
		"message of rows": {
			Schema{Message: &MessageSchema{Subject: "t-value", Registered: 7, Avro: json.RawMessage(`{}`), Row: &RowSchema{Database: "d", Table: "t.u"}}},
			"234e549ff4a831ab", `{"message":{"subject":"t-value","registered":7,"avro":{},"row":{"database":"d","table":"t.u","columns":null}}}`,
		},
		"message": {Schema{Message: message}, "12828e94111341e9", `{"message":{"subject":"t-value","registered":7,"avro":{"type":"string"}}}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, id, err := tt.schema.Encode()
			if err != nil || string(b) != tt.json || id.String() != tt.id {
				t.Errorf("id %v, error %v, JSON:\n%s", id, err, b)
			}
			got, err := ParseSchema(b)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.schema, got); diff != "" {
				t.Error(diff)
			}
			if _, again, err := got.Encode(); err != nil || again != id {
				t.Errorf("id of what was read is %v, error %v", again, err)
			}
		})
	}
}

func TestParseSchemaErrors(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]string{"no JSON": `{`, "neither": `{}`, "both": `{"row":{},"message":{}}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s, err := ParseSchema([]byte(b)); err == nil {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestValueIndex(t *testing.T) {
	t.Parallel()
	for want, c := range map[int64]Column{0: {Nullable: true, Default: json.RawMessage("1")}, 1: {Nullable: true}} {
		if got := c.ValueIndex(); got != want {
			t.Errorf("default %s: got %d", c.Default, got)
		}
	}
}
