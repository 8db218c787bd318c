package pipeline

import (
	"maps"
	"path/filepath"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// noteFile remembers a value that is one reference to a file and nothing else:
// whoever uses it can read it from there again.
func (e *expander) noteFile(n *yaml.Node, refs references) {
	if len(refs) != 1 || refs[0].text != n.Value {
		return
	}
	path, isFile := strings.CutPrefix(n.Value, "${"+filePrefix)
	if !isFile {
		return
	}
	file, err := filepath.Abs(e.besides(strings.TrimSuffix(path, "}")))
	if err != nil {
		return // there is no working directory: the value stays as it was read
	}
	if e.files == nil {
		e.files = map[*yaml.Node]string{}
	}
	e.files[n] = file
}

func (e *expander) besides(path string) string { return besides(e.path, path) }

// places returns the files by the paths of the keys, those of aliases included.
// The nodes have been decoded, so that no alias contains itself.
func (e *expander) places(root *yaml.Node) map[string]string {
	found := map[string]string{}
	if len(e.files) > 0 {
		e.place(found, root, "")
	}
	return found
}

func (e *expander) place(found map[string]string, n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.AliasNode:
		e.place(found, n.Alias, path)
	case yaml.MappingNode:
		e.placeKeys(found, n, path)
	case yaml.SequenceNode:
		for i, c := range n.Content {
			e.place(found, c, path+"["+strconv.Itoa(i)+"]")
		}
	case yaml.ScalarNode:
		if file, ok := e.files[n]; ok {
			found[path] = file
		}
	}
}

// placeKeys lays a map's own keys over those that it merges in.
func (e *expander) placeKeys(found map[string]string, n *yaml.Node, path string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].ShortTag() == "!!merge" {
			e.merge(found, n.Content[i+1], path)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.ShortTag() == "!!merge" {
			continue
		}
		at := join(path, key.Value)
		maps.DeleteFunc(found, func(p, _ string) bool { return within(p, at) })
		e.place(found, n.Content[i+1], at)
	}
}

// merge takes in one map or a list of them, of which the first counts.
func (e *expander) merge(found map[string]string, n *yaml.Node, path string) {
	if n.Kind != yaml.SequenceNode {
		e.place(found, n, path)
		return
	}
	for i := len(n.Content) - 1; i >= 0; i-- {
		e.place(found, n.Content[i], path)
	}
}

// within says whether a path is that of a key, or of something in its value.
func within(path, key string) bool {
	rest, ok := strings.CutPrefix(path, key)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// addFiles gives each stage those of its configuration.
func (d *Definition) addFiles(places map[string]string) {
	add := func(s *Stage) {
		prefix := s.Path + ".config."
		for path, file := range places {
			if key, ok := strings.CutPrefix(path, prefix); ok {
				if s.Files == nil {
					s.Files = map[string]string{}
				}
				s.Files[key] = file
			}
		}
	}
	add(&d.Source)
	if d.Transform != nil {
		add(d.Transform)
	}
	for i := range d.Sinks {
		add(&d.Sinks[i].Stage)
	}
}
