package judge

import (
	"encoding/json"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// typeOf returns the type of a column's field without the null beside it: a name, or an object.
func typeOf(field any) any {
	t := tree.Get(field, "type")
	if branches, ok := t.([]any); ok {
		for _, b := range branches {
			if b != "null" {
				return b
			}
		}
	}
	return t
}

// avroType returns the name of Avro's type of a field.
func avroType(field any) string {
	switch t := typeOf(field).(type) {
	case string:
		return t
	case tree.Object:
		name, _ := t.Get("type").(string)
		return name
	}
	return ""
}

// semantic returns the field's connect.name, such as io.debezium.data.Json.
func semantic(field any) string {
	name, _ := tree.Get(typeOf(field), "connect.name").(string)
	return name
}

const (
	semanticEnum      = "io.debezium.data.Enum"
	semanticSet       = "io.debezium.data.EnumSet"
	semanticJSON      = "io.debezium.data.Json"
	semanticBits      = "io.debezium.data.Bits"
	semanticGeometry  = "io.debezium.data.geometry.Geometry"
	semanticYear      = "io.debezium.time.Year"
	semanticDate      = "io.debezium.time.Date"
	semanticMillis    = "io.debezium.time.Timestamp"
	semanticMicros    = "io.debezium.time.MicroTimestamp"
	semanticTime      = "io.debezium.time.MicroTime"
	semanticZoned     = "io.debezium.time.ZonedTimestamp"
	propertyAllowed   = "allowed"
	propertyDefault   = "connect.default"
	propertyParameter = "connect.parameters"
)

// allowedOf returns the labels of an ENUM or SET.
func allowedOf(field any) string {
	labels, _ := tree.Get(typeOf(field), propertyParameter, propertyAllowed).(string)
	return labels
}

// defaultOf returns the field's default, as a record would have it.
func defaultOf(field any) any {
	return fromDefault(avroType(field), tree.Get(field, "default"))
}

// fromDefault turns a default in a schema into a value of a type.
func fromDefault(avro string, v any) any {
	switch v := v.(type) {
	case json.Number:
		if avro == "int" || avro == "long" {
			n, _ := v.Int64() // zero is no value of a record that it would be taken for
			return n
		}
		f, _ := v.Float64()
		if avro == "float" {
			return float64(float32(f))
		}
		return f
	case string:
		if avro == "bytes" {
			return fromLatin1(v)
		}
	}
	return v
}

// fromLatin1 returns the bytes that Avro writes as text in a default.
func fromLatin1(s string) []byte {
	out := []byte{}
	for _, r := range s {
		out = append(out, byte(r))
	}
	return out
}

// toLatin1 is its opposite.
func toLatin1(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

// mapField returns a copy of a field in which change has been applied to the type, and to the
// default at both of its places.
func mapField(field any, changeType func(any) any, changeDefault func(any) any) any {
	o, ok := field.(tree.Object)
	if !ok {
		return field
	}
	out := make(tree.Object, len(o))
	for i, m := range o {
		switch m.Name {
		case "type":
			m.Value = mapType(m.Value, changeType, changeDefault)
		case "default":
			if m.Value != nil {
				m.Value = changeDefault(m.Value)
			}
		}
		out[i] = m
	}
	return out
}

func mapType(t any, changeType func(any) any, changeDefault func(any) any) any {
	switch t := t.(type) {
	case []any:
		out := make([]any, len(t))
		for i, b := range t {
			out[i] = b
			if b != "null" {
				out[i] = mapType(b, changeType, changeDefault)
			}
		}
		return out
	case tree.Object:
		out := make(tree.Object, len(t))
		for i, m := range t {
			if m.Name == propertyDefault {
				m.Value = changeDefault(m.Value)
			}
			out[i] = m
		}
		return changeType(out)
	}
	return changeType(t)
}

func same(v any) any { return v }

func equal(a, b any) bool { return tree.Text(a) == tree.Text(b) }

// has tells whether both fields have a semantic type.
func has(d Difference, names ...string) bool {
	for _, name := range names {
		if semantic(d.DebeziumField) == name && semantic(d.LeatField) == name {
			return true
		}
	}
	return false
}

// types tells whether the fields have these types of Avro.
func types(d Difference, debezium, leat string) bool {
	return avroType(d.DebeziumField) == debezium && avroType(d.LeatField) == leat
}
