package rows

import (
	"testing"

	"google.golang.org/protobuf/types/descriptorpb"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// No bytes crash the decoder, and what it takes keeps to the table's schema.
func FuzzDecode(f *testing.F) {
	f.Add(varint(1))
	f.Add(bytesField(varint(3)))
	f.Add([]byte{0x12, 0x06, 'U', 'P', 'S', 'E', 'R', 'T', 0x08, 0x01})
	p, err := NewPlan(writer(
		protoField(1, "v", optional, descriptorpb.FieldDescriptorProto_TYPE_INT64, ""),
		protoField(2, "_CHANGE_TYPE", optional, descriptorpb.FieldDescriptorProto_TYPE_STRING, ""),
		protoField(3, "_CHANGE_SEQUENCE_NUMBER", optional, descriptorpb.FieldDescriptorProto_TYPE_STRING, ""),
		protoField(4, "s", repeated, message, "Row.Sub"),
		protoField(5, "d", optional, descriptorpb.FieldDescriptorProto_TYPE_BYTES, ""),
	), Target{
		Fields: []*bq.TableFieldSchema{
			{Name: "v", Type: "INTEGER", Mode: "REQUIRED"},
			{Name: "s", Type: "RECORD", Mode: "REPEATED", Fields: []*bq.TableFieldSchema{{Name: "x", Type: "DATE", Mode: "NULLABLE"}}},
			{Name: "d", Type: "NUMERIC", Mode: "NULLABLE"},
		},
		Key: []string{"v"}, Default: true,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := p.Decode(data)
		if err != nil {
			return
		}
		if c.Type != warehouse.Upsert && c.Type != warehouse.Delete {
			t.Errorf("change type %q was taken", c.Type)
		}
		if _, ok := c.Row["v"].(int64); !ok {
			t.Errorf("key is %v", c.Row["v"])
		}
	})
}
