package config

import (
	"encoding/json"
	"strings"
)

// schema is the part of JSON Schema that a configuration needs.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	Type        any                `json:"type,omitempty"`
	Description string             `json:"description,omitempty"`
	Default     json.RawMessage    `json:"default,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	WriteOnly   bool               `json:"writeOnly,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	// Additional is false for a struct, the schema of the values for a map.
	Additional any `json:"additionalProperties,omitempty"`
}

// JSONSchema writes the schema that an editor checks a configuration with.
// Durations and sizes are strings there, and references such as ${NAME} are
// allowed wherever a number or boolean is.
func JSONSchema(fields []Field) []byte {
	root := &schema{Schema: "https://json-schema.org/draft/2020-12/schema", Type: "object", Additional: false}
	for _, f := range fields {
		root.add(strings.Split(f.Key, "."), f)
	}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil
	}
	return append(out, '\n')
}

func (s *schema) add(path []string, f Field) {
	name, isList := strings.CutSuffix(path[0], "[]")
	if s.Properties == nil {
		s.Properties, s.Additional = map[string]*schema{}, false
	}
	child := s.Properties[name]
	if len(path) == 1 {
		s.Properties[name] = schemaOf(f)
		if f.Required {
			s.Required = append(s.Required, name)
		}
		return
	}
	if child == nil {
		child = &schema{Type: "object"}
		s.Properties[name] = child
	}
	rest := path[1:]
	switch {
	case isList:
		child = child.elements()
	case rest[0] == "*":
		child, rest = child.values(), rest[1:]
	}
	child.add(rest, f)
}

// elements is the schema of a list's structs, values that of a map's.
func (s *schema) elements() *schema {
	if s.Items == nil || s.Items.Type != "object" {
		s.Items = &schema{Type: "object"}
	}
	return s.Items
}

func (s *schema) values() *schema {
	v, ok := s.Additional.(*schema)
	if !ok || v.Type != "object" {
		v = &schema{Type: "object"}
		s.Additional = v
	}
	return v
}

func schemaOf(f Field) *schema {
	s := &schema{Description: docOf(f), Default: f.Default, Enum: f.Options, WriteOnly: f.Secret}
	if f.Secret {
		s.Default = nil
	}
	switch f.Type {
	case TypeBool:
		s.Type = []string{"boolean", "string"}
	case TypeInt:
		s.Type = []string{"integer", "string"}
	case TypeFloat:
		s.Type = []string{"number", "string"}
	case TypeSize:
		s.Type = []string{"string", "integer"}
	case TypeList:
		s.Type, s.Enum = "array", nil
		s.Items = &schema{Type: "string", Enum: f.Options}
	case TypeMap:
		s.Type = "object"
	default:
		s.Type = "string"
	}
	return s
}

// docOf is the doc with the unit in it.
func docOf(f Field) string {
	if f.Unit == "" {
		return f.Doc
	}
	return f.Doc + " In " + f.Unit + "."
}
