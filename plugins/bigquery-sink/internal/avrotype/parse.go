package avrotype

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxDepth bounds the nesting of a schema, and with it the stack.
const maxDepth = 100

var (
	errDepth   = errors.New("is nested too deeply")
	errUnknown = errors.New("is neither a type nor a name defined before")
	errShape   = errors.New("is not a schema")
)

// Parse reads a schema's JSON.
func Parse(schema []byte) (*Type, error) {
	var v any
	if err := json.Unmarshal(schema, &v); err != nil {
		return nil, fmt.Errorf("parse Avro schema: %w", err)
	}
	p := parser{named: map[string]*Type{}}
	t, err := p.parse(v, "", 0)
	if err != nil {
		return nil, fmt.Errorf("parse Avro schema: %w", err)
	}
	return t, nil
}

var primitives = map[string]Kind{
	"null": Null, "boolean": Boolean, "int": Int, "long": Long, "float": Float, "double": Double, "bytes": Bytes, "string": String,
}

type parser struct{ named map[string]*Type }

func (p *parser) parse(v any, namespace string, depth int) (*Type, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	switch x := v.(type) {
	case string:
		return p.reference(x, namespace)
	case []any:
		t := &Type{Kind: Union}
		for _, b := range x {
			branch, err := p.parse(b, namespace, depth+1)
			if err != nil {
				return nil, err
			}
			t.Branches = append(t.Branches, branch)
		}
		return t, nil
	case map[string]any:
		return p.object(x, namespace, depth)
	}
	return nil, fmt.Errorf("%v %w", v, errShape)
}

func (p *parser) reference(name, namespace string) (*Type, error) {
	if k, ok := primitives[name]; ok {
		return &Type{Kind: k}, nil
	}
	if t, ok := p.named[fullName(name, namespace)]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("%q %w", name, errUnknown)
}

func fullName(name, namespace string) string {
	if namespace == "" || strings.Contains(name, ".") {
		return name
	}
	return namespace + "." + name
}

func (p *parser) object(o map[string]any, namespace string, depth int) (*Type, error) {
	kind, ok := o["type"].(string)
	if !ok {
		return p.parse(o["type"], namespace, depth+1)
	}
	t := &Type{Connect: text(o["connect.name"]), Logical: text(o["logicalType"])}
	t.Precision, t.Scale = number(o["precision"]), number(o["scale"])
	switch kind {
	case "record", "error":
		return t, p.record(t, o, namespace, depth)
	case "enum":
		t.Kind, t.Symbols = Enum, texts(o["symbols"])
		p.define(t, o, namespace)
		return t, nil
	case "fixed":
		t.Kind, t.Size = Fixed, number(o["size"])
		p.define(t, o, namespace)
		return t, nil
	case "array", "map":
		t.Kind = map[string]Kind{"array": Array, "map": Map}[kind]
		var err error
		t.Items, err = p.parse(o[map[string]string{"array": "items", "map": "values"}[kind]], namespace, depth+1)
		return t, err
	}
	if k, ok := primitives[kind]; ok {
		t.Kind = k
		return t, nil
	}
	return p.reference(kind, namespace)
}

// define makes a named type known and returns the namespace for what is in it.
func (p *parser) define(t *Type, o map[string]any, namespace string) string {
	if n, ok := o["namespace"].(string); ok {
		namespace = n
	}
	t.Name = fullName(text(o["name"]), namespace)
	p.named[t.Name] = t
	if i := strings.LastIndexByte(t.Name, '.'); i >= 0 {
		return t.Name[:i]
	}
	return ""
}

func (p *parser) record(t *Type, o map[string]any, namespace string, depth int) error {
	t.Kind = Record
	namespace = p.define(t, o, namespace)
	fields, ok := o["fields"].([]any)
	if !ok {
		return fmt.Errorf("record %s without fields %w", t.Name, errShape)
	}
	for _, f := range fields {
		field, ok := f.(map[string]any)
		if !ok {
			return fmt.Errorf("field %v of %s %w", f, t.Name, errShape)
		}
		typ, err := p.parse(field["type"], namespace, depth+1)
		if err != nil {
			return fmt.Errorf("field %v of %s: %w", field["name"], t.Name, err)
		}
		t.Fields = append(t.Fields, Field{Name: text(field["name"]), Type: typ})
	}
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = text(e)
	}
	return out
}

func number(v any) int {
	f, _ := v.(float64)
	return int(f)
}
