package rows

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bq "google.golang.org/api/bigquery/v2"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

type (
	kind  = descriptorpb.FieldDescriptorProto_Type
	label = descriptorpb.FieldDescriptorProto_Label
)

const (
	optional = descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
	repeated = descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	message  = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE
	enum     = descriptorpb.FieldDescriptorProto_TYPE_ENUM
)

func protoField(number int32, name string, l label, k kind, typeName string) *descriptorpb.FieldDescriptorProto {
	f := &descriptorpb.FieldDescriptorProto{Name: &name, Number: &number, Label: &l, Type: &k}
	if typeName != "" {
		f.TypeName = &typeName
	}
	return f
}

// writer is a schema with a nested message Sub{x} and an enum E{ZERO, ONE}, self-contained as the service wants it.
func writer(fields ...*descriptorpb.FieldDescriptorProto) *descriptorpb.DescriptorProto {
	return &descriptorpb.DescriptorProto{
		Name:  proto.String("Row"),
		Field: fields,
		NestedType: []*descriptorpb.DescriptorProto{{
			Name:  proto.String("Sub"),
			Field: []*descriptorpb.FieldDescriptorProto{protoField(1, "x", optional, descriptorpb.FieldDescriptorProto_TYPE_INT64, "")},
		}},
		EnumType: []*descriptorpb.EnumDescriptorProto{{
			Name: proto.String("E"),
			Value: []*descriptorpb.EnumValueDescriptorProto{
				{Name: proto.String("ZERO"), Number: proto.Int32(0)}, {Name: proto.String("ONE"), Number: proto.Int32(1)},
			},
		}},
	}
}

func column1(typ, mode string) []*bq.TableFieldSchema {
	f := &bq.TableFieldSchema{Name: "V", Type: typ, Mode: mode}
	if typ == "RECORD" {
		f.Fields = []*bq.TableFieldSchema{{Name: "x", Type: "INTEGER", Mode: "NULLABLE"}, {Name: "y", Type: "STRING", Mode: "NULLABLE"}}
	}
	return []*bq.TableFieldSchema{f}
}

func varint(v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), v)
}

func bytesField(b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), b)
}

// The pairs of cloud.google.com/bigquery/docs/supported-data-types that managedwriter's adapt does not produce.
func TestDecode(t *testing.T) {
	t.Parallel()
	const (
		i32, i64, u32, u64 = descriptorpb.FieldDescriptorProto_TYPE_INT32, descriptorpb.FieldDescriptorProto_TYPE_INT64, descriptorpb.FieldDescriptorProto_TYPE_UINT32, descriptorpb.FieldDescriptorProto_TYPE_UINT64
		str, byt           = descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_BYTES
	)
	minusOne := ^uint64(0)
	tests := map[string]struct {
		typ, mode string
		field     *descriptorpb.FieldDescriptorProto
		data      []byte
		want      any
	}{
		"integer from int32":       {"INTEGER", "NULLABLE", protoField(1, "v", optional, i32, ""), varint(minusOne), int64(-1)},
		"integer from uint32":      {"INTEGER", "NULLABLE", protoField(1, "v", optional, u32, ""), varint(1 << 31), int64(1 << 31)},
		"integer from enum":        {"INTEGER", "NULLABLE", protoField(1, "v", optional, enum, "Row.E"), varint(1), int64(1)},
		"integer zero is set":      {"INTEGER", "NULLABLE", protoField(1, "v", optional, i64, ""), varint(0), int64(0)},
		"integer from Int64Value":  {"INTEGER", "NULLABLE", protoField(1, "v", optional, message, ".google.protobuf.Int64Value"), bytesField(varint(7)), int64(7)},
		"bool from int64":          {"BOOLEAN", "NULLABLE", protoField(1, "v", optional, i64, ""), varint(2), true},
		"bool from uint64":         {"BOOLEAN", "NULLABLE", protoField(1, "v", optional, u64, ""), varint(0), false},
		"string from enum":         {"STRING", "NULLABLE", protoField(1, "v", optional, enum, "Row.E"), varint(1), "ONE"},
		"bytes from string":        {"BYTES", "NULLABLE", protoField(1, "v", optional, str, ""), bytesField([]byte("é")), []byte("é")},
		"numeric from int64":       {"NUMERIC", "NULLABLE", protoField(1, "v", optional, i64, ""), varint(minusOne), warehouse.Decimal("-1")},
		"numeric from uint64":      {"NUMERIC", "NULLABLE", protoField(1, "v", optional, u64, ""), varint(minusOne), warehouse.Decimal("18446744073709551615")},
		"numeric from bytes":       {"NUMERIC", "NULLABLE", protoField(1, "v", optional, byt, ""), bytesField([]byte{0x00, 0xca, 0x9a, 0x3b}), warehouse.Decimal("1")},
		"negative from bytes":      {"NUMERIC", "NULLABLE", protoField(1, "v", optional, byt, ""), bytesField([]byte{0xff}), warehouse.Decimal("-0.000000001")},
		"date from string":         {"DATE", "NULLABLE", protoField(1, "v", optional, str, ""), bytesField([]byte("2026-1-2")), "2026-01-02"},
		"date from int64":          {"DATE", "NULLABLE", protoField(1, "v", optional, i64, ""), varint(20000), "2024-10-04"},
		"timestamp from Timestamp": {"TIMESTAMP", "NULLABLE", protoField(1, "v", optional, message, ".google.protobuf.Timestamp"), bytesField(varint(5)), time.Unix(5, 0).UTC()},
		"packed time":              {"TIME", "NULLABLE", protoField(1, "v", optional, i64, ""), varint(pack(0, 0, 0, 23, 59, 58, 7)), "23:59:58.000007"},
		"packed datetime":          {"DATETIME", "NULLABLE", protoField(1, "v", optional, i64, ""), varint(pack(2026, 2, 3, 4, 5, 6, 0)), "2026-02-03T04:05:06"},
		"repeated":                 {"INTEGER", "REPEATED", protoField(1, "v", repeated, i64, ""), append(varint(1), varint(2)...), []any{int64(1), int64(2)}},
		"record":                   {"RECORD", "NULLABLE", protoField(1, "v", optional, message, "Row.Sub"), bytesField(varint(3)), warehouse.Row{"x": int64(3), "y": nil}},
		"repeated record":          {"RECORD", "REPEATED", protoField(1, "v", repeated, message, "Row.Sub"), append(bytesField(varint(3)), bytesField(nil)...), []any{warehouse.Row{"x": int64(3), "y": nil}, warehouse.Row{"x": nil, "y": nil}}},
		"last one wins":            {"INTEGER", "NULLABLE", protoField(1, "v", optional, i64, ""), append(varint(1), varint(2)...), int64(2)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := NewPlan(writer(tt.field), Target{Fields: column1(tt.typ, tt.mode)})
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Decode(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(warehouse.Row{"V": tt.want}, got.Row); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// pack builds CivilTimeEncoder's form from its documented widths.
func pack(year, month, day, hour, minute, second, micro uint64) uint64 {
	return year<<46 | month<<42 | day<<37 | hour<<32 | minute<<26 | second<<20 | micro
}

func TestDecodeRefused(t *testing.T) {
	t.Parallel()
	const i64, byt = descriptorpb.FieldDescriptorProto_TYPE_INT64, descriptorpb.FieldDescriptorProto_TYPE_BYTES
	tests := map[string]struct {
		typ   string
		field *descriptorpb.FieldDescriptorProto
		data  []byte
	}{
		"not a message":        {"INTEGER", protoField(1, "v", optional, i64, ""), []byte{0xff}},
		"unknown field":        {"INTEGER", protoField(1, "v", optional, i64, ""), protowire.AppendVarint(protowire.AppendTag(nil, 9, protowire.VarintType), 1)},
		"unknown enum value":   {"STRING", protoField(1, "v", optional, enum, "Row.E"), varint(9)},
		"33 bytes of decimal":  {"NUMERIC", protoField(1, "v", optional, byt, ""), bytesField(make([]byte, 33))},
		"no bytes of decimal":  {"NUMERIC", protoField(1, "v", optional, byt, ""), bytesField(nil)},
		"bytes out of range":   {"NUMERIC", protoField(1, "v", optional, byt, ""), bytesField(append(make([]byte, 31), 0x7f))},
		"packed 31 February":   {"DATETIME", protoField(1, "v", optional, i64, ""), varint(pack(2026, 2, 31, 0, 0, 0, 0))},
		"packed year 0":        {"DATETIME", protoField(1, "v", optional, i64, ""), varint(0)},
		"packed time of 24:00": {"TIME", protoField(1, "v", optional, i64, ""), varint(pack(0, 0, 0, 24, 0, 0, 0))},
		"packed time with day": {"TIME", protoField(1, "v", optional, i64, ""), varint(pack(0, 0, 1, 0, 0, 0, 0))},
		"timestamp in year 0":  {"TIMESTAMP", protoField(1, "v", optional, message, ".google.protobuf.Timestamp"), bytesField(varint(uint64(1<<63 + 1)))},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := NewPlan(writer(tt.field), Target{Fields: column1(tt.typ, "NULLABLE")})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.Decode(tt.data); err == nil {
				t.Errorf("decoded %v, want an error", got.Row)
			}
		})
	}
}

func TestNewPlanRefused(t *testing.T) {
	t.Parallel()
	const i64, str, sint = descriptorpb.FieldDescriptorProto_TYPE_INT64, descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_SINT64
	keyed := Target{Fields: column1("INTEGER", "NULLABLE"), Key: []string{"V"}, Default: true}
	tests := map[string]struct {
		writer *descriptorpb.DescriptorProto
		to     Target
		want   string
	}{
		"extra fields": {
			writer(protoField(1, "v", optional, i64, ""), protoField(2, "Other", optional, i64, "")),
			Target{Fields: column1("INTEGER", "NULLABLE")},
			"Input schema has more fields than BigQuery schema, extra fields: 'other'",
		},
		"kind of another type": {
			writer(protoField(1, "v", optional, str, "")),
			Target{Fields: column1("INTEGER", "NULLABLE")},
			"The proto field mismatched with BigQuery field at Row.V, the proto field type string, BigQuery field type INTEGER",
		},
		"undocumented kind": {
			writer(protoField(1, "v", optional, sint, "")),
			Target{Fields: column1("INTEGER", "NULLABLE")},
			"The proto field mismatched with BigQuery field at Row.V, the proto field type sint64, BigQuery field type INTEGER",
		},
		"repeated for one": {
			writer(protoField(1, "v", repeated, i64, "")),
			Target{Fields: column1("INTEGER", "NULLABLE")},
			"Proto schema mismatch: field V has mode NULLABLE in BigQuery and label repeated in proto",
		},
		"scalar for a record": {
			writer(protoField(1, "v", optional, i64, "")),
			Target{Fields: column1("RECORD", "NULLABLE")},
			"The proto field mismatched with BigQuery field at Row.V, the proto field type int64, BigQuery field type RECORD",
		},
		"record for a scalar": {
			writer(protoField(1, "v", optional, message, "Row.Sub")),
			Target{Fields: column1("INTEGER", "NULLABLE")},
			"The proto field mismatched with BigQuery field at Row.V, the proto field type message, BigQuery field type INTEGER",
		},
		"required column left out": {
			writer(),
			Target{Fields: column1("INTEGER", "REQUIRED")},
			"Required field V is missing in the writer schema",
		},
		"change type of another kind": {writer(protoField(1, "_CHANGE_TYPE", optional, i64, "")), keyed, "Field _CHANGE_TYPE must be a string, found int64"},
		"sequence without change type": {
			writer(protoField(1, "_CHANGE_SEQUENCE_NUMBER", optional, str, "")), keyed,
			"_CHANGE_SEQUENCE_NUMBER is valid only together with _CHANGE_TYPE on the default stream",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := NewPlan(tt.writer, tt.to); err == nil || err.Error() != tt.want {
				t.Errorf("NewPlan: %v, want %q", err, tt.want)
			}
		})
	}
	t.Run("type that is nowhere", func(t *testing.T) {
		t.Parallel()
		if _, err := NewPlan(writer(protoField(1, "v", optional, message, ".Nowhere")), keyed); err == nil {
			t.Error("NewPlan: want an error")
		}
	})
	t.Run("extra fields are told apart", func(t *testing.T) {
		t.Parallel()
		_, err := NewPlan(writer(protoField(1, "z", optional, i64, "")), keyed)
		var extra *ExtraFieldsError
		if !errors.As(err, &extra) {
			t.Fatalf("NewPlan: %v, want ExtraFieldsError", err)
		}
		if diff := cmp.Diff([]string{"z"}, extra.Fields); diff != "" {
			t.Error(diff)
		}
	})
}
