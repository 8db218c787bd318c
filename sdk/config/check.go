package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// checker walks what was given beside its description. Each method returns the
// value as the struct's field takes it, and notes the problems.
type checker struct {
	// files that values come from, by the paths of the keys.
	files    map[string]string
	problems []Problem
}

func (c *checker) note(path, message, cure string) {
	c.problems = append(c.problems, Problem{Path: path, Message: message, Cure: cure})
}

func (c *checker) group(n *node, given map[string]any, path string) map[string]any {
	values := make(map[string]any, len(given))
	for _, child := range n.children {
		at := join(path, child.key())
		value, ok := given[child.key()]
		switch {
		case ok:
			values[child.key()] = c.value(child, value, at)
		case child.field.Required:
			c.note(at, "is required", "set it: "+firstSentence(child.field.Doc))
		case child.kind == kindGroup && !child.optional:
			c.group(child, nil, at)
		}
	}
	c.unknown(n, given, path)
	return values
}

func (c *checker) unknown(n *node, given map[string]any, path string) {
	known := make([]string, len(n.children))
	for i, child := range n.children {
		known[i] = child.key()
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, key) {
			c.note(join(path, key), "is not a known key", keyCure(key, known))
		}
	}
}

func (c *checker) value(n *node, given any, path string) any {
	if given == nil {
		c.note(path, "has no value", "give it one, or remove the key")
		return nil
	}
	if file, ok := c.files[path]; ok && n.kind.scalar() {
		return c.fromFile(n, file, path)
	}
	switch n.kind {
	case kindGroup, kindDict, kindFree:
		if object, ok := given.(map[string]any); ok {
			return c.object(n, object, path)
		}
	case kindList:
		if list, ok := given.([]any); ok {
			return c.list(n, list, path)
		}
	default:
		return c.scalar(n, given, path)
	}
	c.wrong(n, given, path)
	return nil
}

func (c *checker) object(n *node, given map[string]any, path string) any {
	switch n.kind {
	case kindGroup:
		return c.group(n, given, path)
	case kindFree:
		return given
	}
	values := make(map[string]any, len(given))
	for _, key := range slices.Sorted(maps.Keys(given)) {
		values[key] = c.value(n.elem, given[key], join(path, key))
	}
	return c.nonEmpty(n, values, len(values), path)
}

func (c *checker) list(n *node, given []any, path string) any {
	values := make([]any, len(given))
	for i, v := range given {
		at := path + "[" + strconv.Itoa(i) + "]"
		values[i] = c.value(n.elem, v, at)
		c.option(n, values[i], at)
	}
	return c.nonEmpty(n, values, len(values), path)
}

func (c *checker) scalar(n *node, given any, path string) any {
	value, err := convert(n, given)
	if err != nil {
		c.wrong(n, given, path)
		return nil
	}
	c.option(n, value, path)
	text, ok := value.(string)
	if !ok {
		return value
	}
	c.nonEmpty(n, text, len(text), path)
	switch n.kind {
	case kindSecret:
		return NewSecret(text)
	case kindSource:
		return NewText(text)
	}
	return text
}

// fromFile reads a value anew. One that is read at each use only has to be there.
func (c *checker) fromFile(n *node, file, path string) any {
	s := source{key: path, file: file}
	text, err := s.read()
	if err != nil {
		c.problems = append(c.problems, Problem{
			Path: path, Message: "comes from a file: " + err.Error(), Passing: true,
			Cure: "write the value into the file, and make it readable to the user that leat runs as",
		})
		return nil
	}
	switch n.kind {
	case kindSecret:
		return Secret{&s}
	case kindSource:
		return Text{&s}
	}
	return c.scalar(n, text, path)
}

func (c *checker) nonEmpty(n *node, value any, size int, path string) any {
	if n.field.Required && size == 0 {
		c.note(path, "is required and empty", "set it: "+firstSentence(n.field.Doc))
	}
	return value
}

func (c *checker) option(n *node, value any, path string) {
	text := fmt.Sprint(value)
	if value == nil || len(n.field.Options) == 0 || slices.Contains(n.field.Options, text) {
		return
	}
	c.note(path, fmt.Sprintf("is %q, which is not one of its values", text),
		"use one of "+strings.Join(n.field.Options, ", "))
}

// wrong notes a value of the wrong type. Only a scalar is shown, and no secret:
// what stands where a map belongs may be the secret that belongs inside.
func (c *checker) wrong(n *node, given any, path string) {
	c.note(path, "is "+describe(given, n.kind.scalar() && n.kind != kindSecret), "write "+wish(n, given))
}

func firstSentence(doc string) string {
	if i := strings.Index(doc, ". "); i >= 0 {
		return doc[:i]
	}
	return strings.TrimSuffix(doc, ".")
}
