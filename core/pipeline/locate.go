package pipeline

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/leat-io/leat/sdk/config"
)

// Locate returns where a key stands, given its path from the top of the file:
// "sinks.kafka.config.brokers[1]". For a key that is missing it is the place of
// the nearest key above that is there.
func (f *File) Locate(path string) Position {
	node, at := f.root, f.root
	for path != "" {
		key, value, rest := step(node, path)
		if value == nil {
			break
		}
		node, at, path = resolve(value), key, rest
	}
	return f.at(at)
}

// Problem places a problem whose path begins at the top of the file. Values that
// came from references are not shown.
func (f *File) Problem(p config.Problem) Problem {
	return Problem{Position: f.Locate(p.Path), Path: p.Path, Message: f.Redact(p.Message), Cure: f.Redact(p.Cure)}
}

// StageProblem places a problem that a plugin reports about its configuration.
func (f *File) StageProblem(s Stage, p config.Problem) Problem {
	at := s.Path + ".config"
	if p.Path != "" {
		at = join(at, p.Path)
	}
	return f.Problem(config.Problem{Path: at, Message: p.Message, Cure: p.Cure})
}

// Redact replaces in a text the values that came from the environment and from
// files by the references to them. Whatever a plugin says passes through it.
func (f *File) Redact(text string) string { return f.refs.redact(text) }

func (f *File) at(n *yaml.Node) Position {
	return Position{File: f.Path, Line: n.Line, Column: n.Column}
}

// sinkNames returns the sinks in the order of the file.
func (f *File) sinkNames() []string {
	_, sinks, _ := step(f.root, "sinks")
	if sinks == nil {
		return nil
	}
	return keysOf(resolve(sinks), map[string]bool{})
}

// keysOf returns the keys of a mapping and of what it merges, each once.
func keysOf(n *yaml.Node, seen map[string]bool) []string {
	var keys []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			for _, m := range merged(n.Content[i+1]) {
				keys = append(keys, keysOf(m, seen)...)
			}
			continue
		}
		if key := n.Content[i].Value; !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// step goes down by the first part of a path and returns the node that shows
// the place, the value and the rest of the path. Keys may hold dots, so the
// longest that fits counts.
func step(n *yaml.Node, path string) (at, value *yaml.Node, rest string) {
	if n.Kind == yaml.SequenceNode {
		return element(n, path)
	}
	if n.Kind != yaml.MappingNode {
		return nil, nil, ""
	}
	best := -1
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if isMerge(key) || len(key.Value) <= best {
			continue
		}
		if after, fits := follows(path, key.Value); fits {
			best, at, value, rest = len(key.Value), key, n.Content[i+1], after
		}
	}
	if value == nil {
		return mergedStep(n, path)
	}
	return at, value, rest
}

func mergedStep(n *yaml.Node, path string) (at, value *yaml.Node, rest string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		for _, m := range merged(n.Content[i+1]) {
			if at, value, rest = step(m, path); value != nil {
				return at, value, rest
			}
		}
	}
	return nil, nil, ""
}

// follows cuts a key from the head of a path.
func follows(path, key string) (rest string, fits bool) {
	rest, fits = strings.CutPrefix(path, key)
	switch {
	case !fits || rest == "":
		return "", fits
	case rest[0] == '.':
		return rest[1:], true
	}
	return rest, rest[0] == '['
}

func element(n *yaml.Node, path string) (at, value *yaml.Node, rest string) {
	index, rest, ok := strings.Cut(strings.TrimPrefix(path, "["), "]")
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i < 0 || i >= len(n.Content) {
		return nil, nil, ""
	}
	return n.Content[i], n.Content[i], strings.TrimPrefix(rest, ".")
}

func isMerge(key *yaml.Node) bool { return key.ShortTag() == "!!merge" }

// merged returns the mappings that a merge key names.
func merged(n *yaml.Node) []*yaml.Node {
	n = resolve(n)
	if n.Kind != yaml.SequenceNode {
		return []*yaml.Node{n}
	}
	nodes := make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		nodes[i] = resolve(c)
	}
	return nodes
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
