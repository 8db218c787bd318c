package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// maxDepth ends the description of a struct that contains itself.
const maxDepth = 12

var (
	errTooDeep  = errors.New("structs nest too deep, or one contains itself")
	errEmbedded = errors.New("is embedded; give it a name")
	errNoKey    = errors.New(`has no koanf tag; add one, or koanf:"-"`)
	errKey      = errors.New("has a koanf tag with a dot, star or bracket, which separate keys")
	errNoDoc    = errors.New("has no doc tag")
	errDefault  = errors.New("is required and has a default, drop one of the two")
)

// node is one place of a configuration: a field, the elements of a list or map,
// or the whole.
type node struct {
	field Field
	kind  kind
	typ   reflect.Type
	// named is false for the whole and for elements, which are no keys themselves.
	named bool
	// optional structs are pointers: what they require counts once they are given.
	optional bool
	children []*node
	elem     *node
}

// newNode describes the type t at a path. The value holds the defaults and is
// invalid where there are none.
func newNode(path string, t reflect.Type, v reflect.Value, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: %w", path, errTooDeep)
	}
	n := &node{}
	for t.Kind() == reflect.Pointer {
		n.optional = true
		t = t.Elem()
		if v.IsValid() {
			v = v.Elem()
		}
	}
	k, err := kindOf(t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	n.kind, n.typ = k, t
	n.field = Field{Key: path, Type: k.name(), Secret: k == kindSecret, Default: defaultOf(k, v)}
	return n, n.descend(v, depth+1)
}

// descend describes what is inside a struct, list or map.
func (n *node) descend(v reflect.Value, depth int) (err error) {
	switch n.kind {
	case kindGroup:
		return n.addFields(v, depth)
	case kindList:
		n.elem, err = newNode(n.field.Key+"[]", n.typ.Elem(), reflect.Value{}, depth)
	case kindDict:
		n.elem, err = newNode(n.field.Key+".*", n.typ.Elem(), reflect.Value{}, depth)
	}
	if n.elem != nil {
		n.field.Secret = n.elem.kind == kindSecret
	}
	return err
}

func (n *node) addFields(v reflect.Value, depth int) error {
	var errs []error
	for i := range n.typ.NumField() {
		f := n.typ.Field(i)
		if !f.IsExported() || f.Tag.Get("koanf") == "-" {
			continue
		}
		var value reflect.Value
		if v.IsValid() {
			value = v.Field(i)
		}
		c, err := newChild(n.field.Key, f, value, depth)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		n.children = append(n.children, c)
	}
	return errors.Join(errs...)
}

func newChild(parent string, f reflect.StructField, v reflect.Value, depth int) (*node, error) {
	key := f.Tag.Get("koanf")
	switch {
	case f.Anonymous:
		return nil, fmt.Errorf("field %s %w", f.Name, errEmbedded)
	case key == "":
		return nil, fmt.Errorf("field %s %w", f.Name, errNoKey)
	case strings.ContainsAny(key, ".*[]"):
		return nil, fmt.Errorf("field %s %w", f.Name, errKey)
	case f.Tag.Get("doc") == "":
		return nil, fmt.Errorf("field %s %w", f.Name, errNoDoc)
	}
	c, err := newNode(join(parent, key), f.Type, v, depth)
	if err != nil {
		return nil, err
	}
	c.named = true
	c.readTags(f)
	return c, nil
}

func (n *node) readTags(f reflect.StructField) {
	n.field.Doc = f.Tag.Get("doc")
	n.field.Unit = f.Tag.Get("unit")
	n.field.Required = f.Tag.Get("required") == "true"
	if o := f.Tag.Get("options"); o != "" {
		n.field.Options = strings.Split(o, ",")
	}
}

// key is the last part of the path.
func (n *node) key() string {
	return n.field.Key[strings.LastIndexByte(n.field.Key, '.')+1:]
}

func join(parent, key string) string {
	if parent == "" || key == "" {
		return parent + key
	}
	return parent + "." + key
}
