package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Types of a field, as Field.Type names them.
const (
	TypeString   = "string"
	TypeBool     = "bool"
	TypeInt      = "int"
	TypeFloat    = "float"
	TypeDuration = "duration"
	TypeSize     = "size"
	TypeList     = "list"
	TypeMap      = "map"
)

// Field describes one key of a configuration.
type Field struct {
	// Key is the path with dots. Keys of the structs in a list stand behind
	// "name[].", those of the structs in a map behind "name.*.".
	Key string `json:"key"`
	// Type is one of the Type constants; a nested struct is a map.
	Type string `json:"type"`
	// Default is JSON, nil if there is none. That of a secret is masked.
	Default json.RawMessage `json:"default,omitempty"`
	// Required keys must be given, those of an optional struct only with it.
	Required bool `json:"required,omitempty"`
	// Secret values must not be shown.
	Secret bool `json:"secret,omitempty"`
	// Options are the values allowed, if not all of the type are.
	Options []string `json:"options,omitempty"`
	// Doc is one or two sentences.
	Doc string `json:"doc"`
	// Unit is what a number counts, empty if the type says it.
	Unit string `json:"unit,omitempty"`
}

// Describe lists the fields of cfg, a struct or a pointer to one that holds the
// defaults, in the order of their declaration. An error is a mistake of the
// struct's author.
func Describe(cfg any) ([]Field, error) {
	root, err := rootOf(cfg)
	if err != nil {
		return nil, err
	}
	d := describer{}
	d.add(root)
	if err := errors.Join(d.errs...); err != nil {
		return nil, fmt.Errorf("describe %T: %w", cfg, err)
	}
	return d.fields, nil
}

// describer collects the fields of a tree. That a required field has no default
// is checked here, since Decode also takes a struct that has been filled.
type describer struct {
	fields []Field
	errs   []error
}

func (d *describer) add(n *node) {
	if n.named {
		d.fields = append(d.fields, d.checked(n.field))
	}
	for _, c := range n.children {
		d.add(c)
	}
	if n.elem != nil {
		d.add(n.elem)
	}
}

func (d *describer) checked(f Field) Field {
	if !f.Required {
		return f
	}
	if hasDefault(f) {
		d.errs = append(d.errs, fmt.Errorf("%s: %w", f.Key, errDefault))
	}
	f.Default = nil
	return f
}

func rootOf(cfg any) (*node, error) {
	v := reflect.ValueOf(cfg)
	for v.IsValid() && v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return nil, fmt.Errorf("describe %T: want a struct or a pointer to one", cfg)
	}
	n, err := newNode("", v.Type(), v, 0)
	if err != nil {
		return nil, fmt.Errorf("describe %T: %w", cfg, err)
	}
	return n, nil
}
