package rows

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	bq "google.golang.org/api/bigquery/v2"
	"google.golang.org/protobuf/reflect/protoreflect"
)

var errUTF8 = refusef("Invalid UTF-8 in a STRING value")

func checkUTF8(s string) error {
	if !utf8.ValidString(s) {
		return errUTF8
	}
	return nil
}

// toString converts strings, and enums by the name of the value.
func toString(fd protoreflect.FieldDescriptor, f *bq.TableFieldSchema) converter {
	most := maxLength(f)
	check := func(s string) (any, error) {
		if n := int64(utf8.RuneCountInString(s)); n > most {
			return nil, refusef("Value has length %d, the maximum length is %d", n, most)
		}
		return s, nil
	}
	if fd.Kind() != protoreflect.EnumKind {
		return ofString(fd.Kind(), check)
	}
	values := fd.Enum().Values()
	return func(v protoreflect.Value) (any, error) {
		e := values.ByNumber(v.Enum())
		if e == nil {
			return nil, refusef("Enum %s has no value %d", fd.Enum().Name(), v.Enum())
		}
		return check(string(e.Name()))
	}
}

func toBytes(k protoreflect.Kind, f *bq.TableFieldSchema) converter {
	read := protoreflect.Value.Bytes
	if k == protoreflect.StringKind {
		read = func(v protoreflect.Value) []byte { return []byte(v.String()) }
	} else if k != protoreflect.BytesKind {
		return nil
	}
	most := maxLength(f)
	return func(v protoreflect.Value) (any, error) {
		b := read(v)
		if int64(len(b)) > most {
			return nil, refusef("Value has length %d, the maximum length is %d", len(b), most)
		}
		return b, nil
	}
}

func maxLength(f *bq.TableFieldSchema) int64 {
	if f.MaxLength > 0 {
		return f.MaxLength
	}
	return unlimited
}

func checkJSON(s string) (any, error) {
	if !json.Valid([]byte(s)) {
		return nil, refusef("Invalid JSON value: %s", quoted(s))
	}
	return s, nil
}

var shapes = []string{"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"}

// checkGeography tells WKT and GeoJSON from other text; it does not read the shape.
func checkGeography(s string) (any, error) {
	trimmed := strings.TrimSpace(s)
	if strings.HasPrefix(trimmed, "{") && json.Valid([]byte(trimmed)) {
		return s, nil
	}
	word, _, _ := strings.Cut(strings.ToUpper(trimmed), "(")
	for _, shape := range shapes {
		if word = strings.TrimSpace(word); word == shape || word == shape+" EMPTY" {
			return s, nil
		}
	}
	return nil, refusef("Invalid GEOGRAPHY value, expected WKT or GeoJSON: %s", quoted(s))
}
