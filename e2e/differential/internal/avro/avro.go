// Package avro decodes Avro binary by its schema, keeping the order of fields. It is the judge's
// own, and shares no code with what it judges.
//
// Start reading at Parse and Schema.Decode.
package avro

import (
	"errors"
	"fmt"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// ErrSchema means that a text is no Avro schema.
var ErrSchema = errors.New("not an Avro schema")

// Schema is a parsed schema.
type Schema struct {
	// JSON is the schema's text as a tree, with every property.
	JSON any

	kind     string
	fields   []field
	items    *Schema // of an array or a map
	branches []*Schema
	symbols  []string
	size     int
}

type field struct {
	name string
	typ  *Schema
}

// Parse reads the text of a schema.
func Parse(text string) (*Schema, error) {
	v, err := tree.ParseJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSchema, err)
	}
	s, err := (&parser{named: map[string]*Schema{}}).schema(v, "")
	if err != nil {
		return nil, err
	}
	s.JSON = v
	return s, nil
}

// parser keeps the named types seen so far, by full name.
type parser struct{ named map[string]*Schema }

var primitives = map[string]bool{
	"null": true, "boolean": true, "int": true, "long": true, "float": true, "double": true, "bytes": true, "string": true,
}

func (p *parser) schema(v any, namespace string) (*Schema, error) {
	switch v := v.(type) {
	case string:
		return p.reference(v, namespace)
	case []any:
		s := &Schema{kind: "union"}
		for _, branch := range v {
			b, err := p.schema(branch, namespace)
			if err != nil {
				return nil, err
			}
			s.branches = append(s.branches, b)
		}
		return s, nil
	case tree.Object:
		return p.object(v, namespace)
	}
	return nil, fmt.Errorf("%w: %s", ErrSchema, tree.Text(v))
}

func (p *parser) reference(name, namespace string) (*Schema, error) {
	if primitives[name] {
		return &Schema{kind: name}, nil
	}
	if s := p.named[fullName(name, namespace)]; s != nil {
		return s, nil
	}
	if s := p.named[name]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("%w: unknown type %q", ErrSchema, name)
}

func (p *parser) object(o tree.Object, namespace string) (*Schema, error) {
	kind, ok := o.Get("type").(string)
	if !ok {
		return p.schema(o.Get("type"), namespace)
	}
	switch kind {
	case "record", "enum", "fixed":
		return p.namedType(kind, o, namespace)
	case "array":
		items, err := p.schema(o.Get("items"), namespace)
		return &Schema{kind: kind, items: items}, err
	case "map":
		values, err := p.schema(o.Get("values"), namespace)
		return &Schema{kind: kind, items: values}, err
	}
	return p.reference(kind, namespace)
}

func (p *parser) namedType(kind string, o tree.Object, namespace string) (*Schema, error) {
	name, _ := o.Get("name").(string)
	if own, ok := o.Get("namespace").(string); ok {
		namespace = own
	}
	s := &Schema{kind: kind}
	p.named[fullName(name, namespace)] = s
	switch kind {
	case "enum":
		symbols, _ := o.Get("symbols").([]any)
		for _, symbol := range symbols {
			s.symbols = append(s.symbols, fmt.Sprint(symbol))
		}
	case "fixed":
		if _, err := fmt.Sscan(fmt.Sprint(o.Get("size")), &s.size); err != nil {
			return nil, fmt.Errorf("%w: size of %s: %w", ErrSchema, name, err)
		}
	default:
		return s, p.fields(s, o, namespace)
	}
	return s, nil
}

func (p *parser) fields(s *Schema, o tree.Object, namespace string) error {
	fields, _ := o.Get("fields").([]any)
	for _, f := range fields {
		t, err := p.schema(tree.Get(f, "type"), namespace)
		if err != nil {
			return err
		}
		name, _ := tree.Get(f, "name").(string)
		s.fields = append(s.fields, field{name: name, typ: t})
	}
	return nil
}

func fullName(name, namespace string) string {
	if namespace == "" {
		return name
	}
	return namespace + "." + name
}
