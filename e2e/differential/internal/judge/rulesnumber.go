package judge

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func numberRules() []Rule {
	return []Rule{
		{Name: "bool", Explains: explainsBool},
		{Name: "real", Explains: explainsReal},
		{Name: "float", Explains: explainsFloat},
		{Name: "float4", Explains: explainsFloat4},
		{Name: "unsigned-default", Explains: explainsUnsignedDefault},
	}
}

// explainsBool: boolean there, the number here.
func explainsBool(d Difference) bool {
	if d.Phase == Snapshot || !types(d, "boolean", "int") {
		return false
	}
	switch {
	case isField(d):
		toInt16 := func(any) any {
			return tree.Object{{Name: "type", Value: "int"}, {Name: "connect.type", Value: "int16"}}
		}
		return equal(withoutDefault(mapField(d.Debezium, toInt16, same)), withoutDefault(d.Leat)) &&
			equal(truth(tree.Get(d.Debezium, "default")), truth(defaultOf(d.Leat)))
	case isValue(d):
		return d.Leat != nil && equal(d.Debezium, truth(d.Leat))
	}
	return false
}

// truth is a number as a boolean.
func truth(v any) any {
	if n, ok := v.(int64); ok {
		return n != 0
	}
	return v
}

func withoutDefault(field any) any {
	return mapField(field, func(t any) any {
		o, ok := t.(tree.Object)
		if !ok {
			return t
		}
		out := tree.Object{}
		for _, m := range o {
			if m.Name != propertyDefault {
				out = append(out, m)
			}
		}
		return out
	}, func(any) any { return "default" })
}

// explainsReal: float there, double here.
func explainsReal(d Difference) bool {
	if d.Phase == Snapshot || !types(d, "float", "double") {
		return false
	}
	if isField(d) {
		toDouble := func(t any) any {
			if o, ok := t.(tree.Object); ok {
				return append(tree.Object{{Name: "type", Value: "double"}}, o[1:]...)
			}
			return "double"
		}
		return equal(mapField(d.Debezium, toDouble, floatOf), mapField(d.Leat, same, floatOf))
	}
	theirs, ok1 := d.Debezium.(float64)
	ours, ok2 := d.Leat.(float64)
	return isValue(d) && ok1 && ok2 && theirs == float64(float32(ours))
}

// floatOf is a number of a schema as precise as a float.
func floatOf(v any) any {
	n, ok := v.(json.Number)
	if !ok {
		return v
	}
	f, _ := n.Float64() // out of range it is infinite, for both
	return float64(float32(f))
}

// explainsFloat: six digits there, as the server prints a FLOAT, all of them here.
func explainsFloat(d Difference) bool {
	if d.Phase == Stream || !types(d, "float", "float") {
		return false
	}
	if isField(d) {
		return equal(mapField(d.Debezium, same, sixDigits), mapField(d.Leat, same, sixDigits))
	}
	theirs, ok1 := d.Debezium.(float64)
	ours, ok2 := d.Leat.(float64)
	return isValue(d) && ok1 && ok2 && theirs == short(ours)
}

// short is a float after it was printed with six digits.
func short(f float64) float64 {
	out, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 6, 32), 32) // it parses what was printed
	return out
}

func sixDigits(v any) any {
	if f, ok := floatOf(v).(float64); ok {
		return short(f)
	}
	return v
}

// explainsFloat4: double and never a value there.
func explainsFloat4(d Difference) bool {
	if d.Phase == Snapshot || !types(d, "double", "float") {
		return false
	}
	return isField(d) && nullable(d.Debezium) == nullable(d.Leat) || isValue(d) && d.Debezium == nil && d.Leat != nil
}

// explainsUnsignedDefault: the largest signed number there, the value's bits here, as in rows.
func explainsUnsignedDefault(d Difference) bool {
	if !isField(d) || !types(d, "long", "long") || defaultOf(d.Debezium) != int64(math.MaxInt64) {
		return false
	}
	ours, ok := defaultOf(d.Leat).(int64)
	return ok && ours < 0 && equal(withoutDefault(d.Debezium), withoutDefault(d.Leat))
}
