package row

import (
	"fmt"

	"cloud.google.com/go/bigquery"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// code is how a value is converted.
type code byte

const (
	codeBool code = iota + 1
	codeInt
	codeIntText
	codeUnsigned // in a column of INT64, which has half of them
	codeUnsignedText
	codeFloat
	codeDouble
	codeText
	codeSymbol
	codeBytes
	codeFixed
	codeDecimal
	codeDate
	codeLocalMillis
	codeLocalMicros
	codeInstantMillis
	codeInstantMicros
	codeInstantText
	codeDurationMillis
	codeDurationMicros
	codeStruct
)

// codes of the forms; integers in a column of another type than INT64 are text.
var codes = map[schema.Form]code{
	schema.Bool: codeBool, schema.Int: codeInt, schema.Float: codeFloat, schema.Double: codeDouble, schema.Text: codeText,
	schema.JSON: codeText, schema.Symbol: codeSymbol, schema.Bytes: codeBytes, schema.Fixed: codeFixed, schema.Decimal: codeDecimal,
	schema.Date: codeDate, schema.LocalMillis: codeLocalMillis, schema.LocalMicros: codeLocalMicros,
	schema.Unsigned: codeUnsigned, schema.InstantMillis: codeInstantMillis, schema.InstantMicros: codeInstantMicros, schema.InstantText: codeInstantText,
	schema.DurationMillis: codeDurationMillis, schema.DurationMicros: codeDurationMicros, schema.Struct: codeStruct,
}

// kinds of protocol buffer fields that the codes write.
var kinds = map[code]protoreflect.Kind{
	codeBool: protoreflect.BoolKind, codeInt: protoreflect.Int64Kind, codeIntText: protoreflect.StringKind,
	codeUnsigned: protoreflect.Int64Kind, codeUnsignedText: protoreflect.StringKind,
	codeFloat: protoreflect.DoubleKind, codeDouble: protoreflect.DoubleKind, codeText: protoreflect.StringKind,
	codeSymbol: protoreflect.StringKind, codeBytes: protoreflect.BytesKind, codeFixed: protoreflect.BytesKind,
	codeDecimal: protoreflect.StringKind, codeDate: protoreflect.Int32Kind,
	codeLocalMillis: protoreflect.StringKind, codeLocalMicros: protoreflect.StringKind,
	codeInstantMillis: protoreflect.Int64Kind, codeInstantMicros: protoreflect.Int64Kind, codeInstantText: protoreflect.Int64Kind,
	codeDurationMillis: protoreflect.StringKind, codeDurationMicros: protoreflect.StringKind, codeStruct: protoreflect.MessageKind,
}

// field converts one field of an Avro record.
type field struct {
	code     code
	repeated bool
	value    int64 // index of the union that stands for a value
	tag      uint64
	avro     *avrotype.Type
	fields   []field // of a record
	column   string
}

// compile makes the fields of a record; the columns are in its order.
func compile(columns []schema.Column, msg protoreflect.MessageDescriptor) ([]field, error) {
	fields := make([]field, len(columns))
	for i := range columns {
		c := &columns[i]
		fd := msg.Fields().ByName(protoreflect.Name(c.Name))
		if fd == nil {
			return nil, fmt.Errorf("column %q has no field in the writer's message", c.Name)
		}
		f := field{code: codeOf(c), repeated: c.Repeated, value: c.Value, avro: c.Avro, column: c.Name}
		if !writes(f.code, fd.Kind()) {
			return nil, fmt.Errorf("column %q is written as %v, which is not the %v of its values", c.Name, fd.Kind(), kinds[f.code])
		}
		f.tag = tagOf(fd.Number(), wireType(fd.Kind()))
		if f.code == codeStruct {
			var err error
			if f.fields, err = compile(c.Columns, fd.Message()); err != nil {
				return nil, err
			}
		}
		fields[i] = f
	}
	return fields, nil
}

// writes says whether the code writes fields of the kind. A bool is an int64 of
// 0 or 1 by its bytes.
func writes(c code, k protoreflect.Kind) bool {
	return kinds[c] == k || c == codeBool && k == protoreflect.Int64Kind
}

func codeOf(c *schema.Column) code {
	switch isText := c.Type != bigquery.IntegerFieldType; {
	case c.Form == schema.Int && isText:
		return codeIntText
	case c.Form == schema.Unsigned && isText:
		return codeUnsignedText
	case c.Form == schema.Unsigned:
		return codeUnsigned
	}
	return codes[c.Form]
}

func wireType(k protoreflect.Kind) protowire.Type {
	switch k {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.DoubleKind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}
