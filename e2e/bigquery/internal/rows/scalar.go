package rows

import (
	"fmt"
	"math"
	"strconv"

	bq "google.golang.org/api/bigquery/v2"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// scalar returns the converter for a documented pair of kind and type, nil for any other.
func scalar(fd protoreflect.FieldDescriptor, f *bq.TableFieldSchema) converter {
	k := fd.Kind()
	switch f.Type {
	case "BOOLEAN":
		return toBool(k)
	case "INTEGER":
		return toInt(k)
	case "FLOAT":
		return toFloat(k)
	case "STRING":
		return toString(fd, f)
	case "BYTES":
		return toBytes(k, f)
	case "NUMERIC", "BIGNUMERIC":
		return toDecimal(k, f)
	case "JSON":
		return ofString(k, checkJSON)
	case "GEOGRAPHY":
		return ofString(k, checkGeography)
	}
	return toTime(k, f.Type)
}

// integer reads any of the integer kinds that the service takes.
func integer(k protoreflect.Kind) func(protoreflect.Value) int64 {
	switch k {
	case protoreflect.Int32Kind, protoreflect.Int64Kind:
		return protoreflect.Value.Int
	case protoreflect.Uint32Kind:
		return func(v protoreflect.Value) int64 { return int64(v.Uint()) }
	}
	return nil
}

func toBool(k protoreflect.Kind) converter {
	if k == protoreflect.BoolKind {
		return func(v protoreflect.Value) (any, error) { return v.Bool(), nil }
	}
	if k == protoreflect.Uint64Kind {
		return func(v protoreflect.Value) (any, error) { return v.Uint() != 0, nil }
	}
	if n := integer(k); n != nil {
		return func(v protoreflect.Value) (any, error) { return n(v) != 0, nil }
	}
	return nil
}

func toInt(k protoreflect.Kind) converter {
	if k == protoreflect.EnumKind {
		return func(v protoreflect.Value) (any, error) { return int64(v.Enum()), nil }
	}
	if n := integer(k); n != nil {
		return func(v protoreflect.Value) (any, error) { return n(v), nil }
	}
	return nil
}

func toFloat(k protoreflect.Kind) converter {
	if k != protoreflect.DoubleKind && k != protoreflect.FloatKind {
		return nil
	}
	return func(v protoreflect.Value) (any, error) { return v.Float(), nil }
}

// toDecimal scales exactly; a value that the type cannot hold is refused, never rounded.
func toDecimal(k protoreflect.Kind, f *bq.TableFieldSchema) converter {
	limit := decimalLimit(f)
	text := func(v protoreflect.Value) string { return v.String() }
	switch k {
	case protoreflect.BytesKind:
		return func(v protoreflect.Value) (any, error) { return limit.fromBytes(v.Bytes()) }
	case protoreflect.StringKind:
	case protoreflect.Uint64Kind:
		text = func(v protoreflect.Value) string { return strconv.FormatUint(v.Uint(), 10) }
	case protoreflect.DoubleKind, protoreflect.FloatKind:
		text = func(v protoreflect.Value) string { return strconv.FormatFloat(v.Float(), 'f', -1, 64) }
	default:
		n := integer(k)
		if n == nil {
			return nil
		}
		text = func(v protoreflect.Value) string { return strconv.FormatInt(n(v), 10) }
	}
	return func(v protoreflect.Value) (any, error) { return limit.parse(text(v)) }
}

// toTime converts the calendar types; TIMESTAMP counts microseconds, DATE days, the others are packed fields or text.
func toTime(k protoreflect.Kind, typ string) converter {
	if k == protoreflect.StringKind {
		switch typ {
		case "DATE":
			return ofString(k, parseDate)
		case "TIME":
			return ofString(k, parseTime)
		case "DATETIME":
			return ofString(k, parseDatetime)
		}
		return nil
	}
	n := integer(k)
	switch {
	case n == nil:
		return nil
	case typ == "TIMESTAMP":
		return func(v protoreflect.Value) (any, error) { return micros(n(v)) }
	case typ == "DATE" && k != protoreflect.Uint32Kind:
		return func(v protoreflect.Value) (any, error) { return days(n(v)) }
	case typ == "TIME" && k == protoreflect.Int64Kind:
		return func(v protoreflect.Value) (any, error) { return packedTime(n(v)) }
	case typ == "DATETIME" && k == protoreflect.Int64Kind:
		return func(v protoreflect.Value) (any, error) { return packedDatetime(n(v)) }
	}
	return nil
}

// ofString applies parse to a string field.
func ofString(k protoreflect.Kind, parse func(string) (any, error)) converter {
	if k != protoreflect.StringKind {
		return nil
	}
	return func(v protoreflect.Value) (any, error) {
		s := v.String()
		if err := checkUTF8(s); err != nil {
			return nil, err
		}
		return parse(s)
	}
}

// quoted keeps messages short whatever the value.
func quoted(s string) string {
	const most = 100
	if len(s) > most {
		return fmt.Sprintf("%q…", s[:most])
	}
	return strconv.Quote(s)
}

// unlimited stands for a length without limit.
const unlimited = math.MaxInt64
