package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Entry explains a message.
type Entry struct {
	Text string `yaml:"text"`
	// Kind in place of what the code shows.
	Kind    Kind   `yaml:"kind,omitempty"`
	Meaning string `yaml:"meaning"`
	// Cure says what to do, in place of what the code says with the message.
	Cure string `yaml:"cure,omitempty"`
}

// entries are those of each component, by text.
type entries map[string]map[string]Entry

// load reads a folder's COMPONENT.yaml files.
func load(dir string) (entries, error) {
	out := entries{}
	for _, c := range components {
		raw, err := os.ReadFile(filepath.Join(dir, c.name+".yaml"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		d := yaml.NewDecoder(bytes.NewReader(raw))
		d.KnownFields(true)
		var list []Entry
		if err := d.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read %s.yaml: %w", c.name, err)
		}
		out[c.name] = map[string]Entry{}
		for _, e := range list {
			if _, twice := out[c.name][e.Text]; twice {
				return nil, fmt.Errorf("read %s.yaml: %q is explained twice", c.name, e.Text)
			}
			out[c.name][e.Text] = e
		}
	}
	return out, nil
}

// compare returns where messages and entries do not match.
func compare(found []Message, explained entries) []string {
	var problems []string
	known := map[string]map[string]bool{}
	for _, m := range found {
		if known[m.Component] == nil {
			known[m.Component] = map[string]bool{}
		}
		known[m.Component][m.Text] = true
		e, ok := explained[m.Component][m.Text]
		switch {
		case explained[m.Component] == nil: // told below
		case !ok && m.Optional:
		case !ok:
			problems = append(problems, fmt.Sprintf("%s: %q has no entry in docs/messages/%s.yaml", m.Place, m.Text, m.Component))
		case e.Kind != "" && !e.Kind.isShown():
		case e.Meaning == "":
			problems = append(problems, fmt.Sprintf("docs/messages/%s.yaml: %q has no meaning", m.Component, m.Text))
		case e.Cure == "" && m.Cure == "":
			problems = append(problems, fmt.Sprintf("docs/messages/%s.yaml: %q has no cure", m.Component, m.Text))
		}
	}
	for component := range known {
		if explained[component] == nil {
			problems = append(problems, fmt.Sprintf("docs/messages/%s.yaml is missing", component))
		}
	}
	for component, list := range explained {
		for text := range list {
			if !known[component][text] {
				problems = append(problems, fmt.Sprintf("docs/messages/%s.yaml: %q is no message of the code", component, text))
			}
		}
	}
	slices.Sort(problems)
	return problems
}

// listMissing prints entries to be completed, each with its place as a comment.
func listMissing(w io.Writer, found []Message, explained entries) error {
	for _, m := range found {
		if _, ok := explained[m.Component][m.Text]; ok || m.Optional {
			continue
		}
		fmt.Fprintf(w, "# docs/messages/%s.yaml, %s, %s\n", m.Component, m.Place, m.Kind)
		e := yaml.NewEncoder(w)
		if err := e.Encode([]Entry{{Text: m.Text, Cure: m.Cure}}); err != nil {
			return err
		}
	}
	return nil
}
