package pipeline

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// expander walks the nodes of a file once: it replaces references in values, and
// notes what YAML allows and a pipeline file does not.
type expander struct {
	path     string
	env      Lookup
	readFile func(path string) (string, error)

	problems Problems
	refs     references
	// files has the scalars whose whole value is one reference to a file.
	files map[*yaml.Node]string
	// faulty are the places of references that could not be expanded; what
	// follows from that is not reported again.
	faulty map[Position]bool
	// broken means that the nodes cannot be decoded.
	broken bool
}

func (e *expander) note(n *yaml.Node, path, message, cure string) {
	e.problems = append(e.problems, Problem{
		Position: Position{File: e.path, Line: n.Line, Column: n.Column}, Path: path, Message: message, Cure: cure,
	})
}

func (e *expander) walk(n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		e.mapping(n, path)
	case yaml.SequenceNode:
		for i, c := range n.Content {
			e.walk(c, path+"["+strconv.Itoa(i)+"]")
		}
	case yaml.ScalarNode:
		e.scalar(n, n, path)
	}
}

func (e *expander) mapping(n *yaml.Node, path string) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			e.broken = true
			e.note(key, path, "has a key that is not a string", "write a plain word as the key")
			continue
		}
		at := join(path, key.Value)
		if line, twice := first[key.Value]; twice {
			e.broken = true
			e.note(key, at, "is set twice, first in line "+strconv.Itoa(line), "remove one of the two")
		}
		first[key.Value] = key.Line
		if key.ShortTag() != "!!merge" {
			key.Tag = "!!str"
		}
		e.entry(key, value, at)
	}
}

// entry expands the value of a key. A fault of a scalar is reported at its key,
// where Locate finds it too.
func (e *expander) entry(key, value *yaml.Node, path string) {
	if value.Kind == yaml.ScalarNode {
		e.scalar(value, key, path)
		return
	}
	e.walk(value, path)
}

func (e *expander) scalar(n, at *yaml.Node, path string) {
	switch n.ShortTag() {
	case "!!int", "!!bool", "!!null":
		return
	case "!!float":
		e.float(n, at, path)
		return
	case "!!str", "!!timestamp":
	default:
		e.broken = true
		e.note(at, path, "has the tag "+n.ShortTag(), "remove the tag; values are strings, numbers and booleans")
		return
	}
	n.Tag = "!!str"
	text, refs, err := e.expand(n.Value)
	if err != nil {
		e.fail(at, path, err)
		return
	}
	e.noteFile(n, refs)
	if len(refs) > 0 {
		e.refs = append(e.refs, reference{n.Value, text})
	}
	e.refs = append(e.refs, refs...)
	n.Value = text
}

func (e *expander) float(n, at *yaml.Node, path string) {
	var f float64
	if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		e.broken = true
		e.note(at, path, fmt.Sprintf("is %s, which is not a finite number", n.Value), "write a number")
	}
}

func (e *expander) fail(at *yaml.Node, path string, err *referenceError) {
	if e.faulty == nil {
		e.faulty = map[Position]bool{}
	}
	e.faulty[Position{File: e.path, Line: at.Line, Column: at.Column}] = true
	e.note(at, path, err.message, err.cure)
}

// expand replaces ${NAME}, ${file:PATH} and $$. A dollar sign before anything
// else stands for itself, as it does at the end of a pattern.
func (e *expander) expand(text string) (string, references, *referenceError) {
	var b strings.Builder
	var refs references
	for {
		i := strings.IndexByte(text, '$')
		if i < 0 || i == len(text)-1 {
			b.WriteString(text)
			return b.String(), refs, nil
		}
		b.WriteString(text[:i])
		switch text[i+1] {
		case '$':
			b.WriteByte('$')
			text = text[i+2:]
		case '{':
			name, rest, closed := strings.Cut(text[i+2:], "}")
			if !closed {
				return "", nil, &referenceError{"has a ${ without }", "close it, or write $${ for the characters themselves"}
			}
			value, err := e.resolve(name)
			if err != nil {
				return "", nil, err
			}
			b.WriteString(value)
			refs, text = append(refs, reference{"${" + name + "}", value}), rest
		default:
			b.WriteByte('$')
			text = text[i+1:]
		}
	}
}

func join(parent, key string) string {
	if parent == "" {
		return key
	}
	return parent + "." + key
}
