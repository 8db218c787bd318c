// Package tree has values whose members keep their order: what JSON and Avro decode to when
// order is to be judged too. A value is nil, bool, int64, float64, string, json.Number, []byte,
// []any or Object.
//
// Start reading at Object and Walk.
package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Member is a named value of an Object.
type Member struct {
	Name  string
	Value any
}

// Object is a record of Avro or an object of JSON, its members in order.
type Object []Member

// Get returns a member's value; nil if there is none of that name.
func (o Object) Get(name string) any {
	for _, m := range o {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Names returns the names of the members in order.
func (o Object) Names() []string {
	names := make([]string, len(o))
	for i, m := range o {
		names[i] = m.Name
	}
	return names
}

// Get follows names into objects; nil where one is missing.
func Get(v any, names ...string) any {
	for _, name := range names {
		o, ok := v.(Object)
		if !ok {
			return nil
		}
		v = o.Get(name)
	}
	return v
}

// Text writes a value for people, and so that two values have the same text only if they are equal.
func Text(v any) string {
	var b strings.Builder
	write(&b, v)
	return b.String()
}

func write(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case string:
		b.WriteString(quote(v))
	case []byte:
		fmt.Fprintf(b, "x'%x'", v)
	case float64:
		if v == 0 && math.Signbit(v) {
			b.WriteByte('-')
		}
		b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			separate(b, i)
			write(b, item)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, m := range v {
			separate(b, i)
			b.WriteString(quote(m.Name) + ":")
			write(b, m.Value)
		}
		b.WriteByte('}')
	default:
		fmt.Fprint(b, v)
	}
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteByte(',')
	}
}

// quote shows what is not printable by its code, and all other text as it is.
func quote(s string) string { return strconv.Quote(s) }

// ErrTrailing means that text goes on behind a JSON value.
var ErrTrailing = errors.New("text goes on behind the value")

// ParseJSON reads one JSON value.
func ParseJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := parse(d)
	if err != nil {
		return nil, fmt.Errorf("parse JSON: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("parse JSON: %w", ErrTrailing)
	}
	return v, nil
}

func parse(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return parseObject(d)
	case json.Delim('['):
		return parseArray(d)
	}
	return token, nil
}

func parseObject(d *json.Decoder) (any, error) {
	o := Object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := parse(d)
		if err != nil {
			return nil, err
		}
		o = append(o, Member{Name: name.(string), Value: value}) // the decoder gives nothing else there
	}
	_, err := d.Token()
	return o, err
}

func parseArray(d *json.Decoder) (any, error) {
	a := []any{}
	for d.More() {
		v, err := parse(d)
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
	_, err := d.Token()
	return a, err
}

// Replace returns a copy in which old is replaced by another text of any length in all strings
// and names.
func Replace(v any, old, with string) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, old, with)
	case []byte:
		return bytes.Clone(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = Replace(item, old, with)
		}
		return out
	case Object:
		out := make(Object, len(v))
		for i, m := range v {
			out[i] = Member{Name: strings.ReplaceAll(m.Name, old, with), Value: Replace(m.Value, old, with)}
		}
		return out
	}
	return v
}
