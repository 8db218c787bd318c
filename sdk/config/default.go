package config

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// defaultOf returns the JSON of a default. Empty strings, lists and maps, and
// pointers to nothing, are no default; zero numbers and false are.
func defaultOf(k kind, v reflect.Value) json.RawMessage {
	if !v.IsValid() || !v.CanInterface() || k == kindGroup {
		return nil
	}
	switch k {
	case kindDuration:
		return toJSON(FormatDuration(time.Duration(v.Int())))
	case kindBool, kindInt, kindUint, kindFloat, kindSize:
		return toJSON(v.Interface())
	case kindTextual:
		return textDefault(v)
	case kindList, kindDict, kindFree:
		if v.Len() == 0 {
			return nil
		}
	default:
		if v.IsZero() {
			return nil
		}
	}
	return toJSON(v.Interface())
}

func textDefault(v reflect.Value) json.RawMessage {
	m, ok := v.Interface().(encoding.TextMarshaler)
	if !ok {
		return nil
	}
	text, err := m.MarshalText()
	if err != nil || len(text) == 0 {
		return nil
	}
	return toJSON(string(text))
}

// hasDefault tells a default that someone chose from a zero.
func hasDefault(f Field) bool {
	switch string(f.Default) {
	case "", "0", "false", `"0s"`:
		return false
	}
	return f.Type != TypeString || f.Default != nil
}

// FormatDuration writes a duration without the zero units that
// time.Duration.String leaves at its end: 10m, not 10m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func toJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return raw
}
