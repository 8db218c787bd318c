package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// scan returns the messages of all components, sorted.
func scan(root string, components []component) ([]Message, error) {
	var all []Message
	for _, c := range components {
		for _, dir := range c.dirs {
			found, err := scanTree(root, dir, c.name)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	slices.SortStableFunc(all, func(a, b Message) int {
		return cmp.Or(cmp.Compare(a.Component, b.Component), cmp.Compare(a.Text, b.Text), cmp.Compare(rank(b), rank(a)))
	})
	return merge(all), nil
}

// merge makes one of the messages that have the same text. One that stops a
// pipeline in one place and is waited for in another is neither.
func merge(sorted []Message) []Message {
	var out []Message
	for _, m := range sorted {
		if n := len(out) - 1; n < 0 || out[n].Component != m.Component || out[n].Text != m.Text {
			out = append(out, m)
		} else if was := out[n].Kind; was == Stops && m.Kind == Waits || was == Waits && m.Kind == Stops {
			out[n].Kind = Failure
		}
	}
	return out
}

// rank prefers the message that says more where one text is written twice.
func rank(m Message) int {
	switch {
	case m.Optional:
		return -1
	case m.Kind == Failure:
		return len(m.Cure)
	}
	return 1_000_000 + len(m.Cure)
}

func scanTree(root, dir, component string) ([]Message, error) {
	fset := token.NewFileSet()
	packages := map[string][]*ast.File{}
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isSource(path) {
			return err
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return fmt.Errorf("parse %s: %w", path, err)
		}
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], f)
		return nil
	})
	if err != nil {
		return nil, err
	}
	texts, helpers := constants(packages), findHelpers(packages)
	var out []Message
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		for _, f := range packages[dir] {
			s := &scanner{component: component, texts: texts, helpers: helpers, pkg: f.Name.Name, place: func(p token.Pos) string {
				at := fset.Position(p)
				path, _ := filepath.Rel(root, at.Filename)
				return fmt.Sprintf("%s:%d", path, at.Line)
			}}
			ast.Walk(s, f)
			out = append(out, s.found...)
		}
	}
	return out, nil
}

// isSource leaves out tests, and packages that are for tests alone.
func isSource(path string) bool {
	if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".pb.go") {
		return false
	}
	for _, part := range strings.Split(filepath.ToSlash(filepath.Dir(path)), "/") {
		if strings.HasSuffix(part, "test") || part == "testdata" || part == "proto" {
			return false
		}
	}
	return true
}

// nesting is how deep constants may be made of each other.
const nesting = 3

// constants returns the texts that constants of packages have, by "name" within
// and "package.name" from without. One may be made of those of a package that is
// read later, so all are read more than once.
func constants(packages map[string][]*ast.File) map[string]string {
	out := map[string]string{}
	for range nesting {
		for _, dir := range slices.Sorted(maps.Keys(packages)) {
			for _, f := range packages[dir] {
				learn(f, out)
			}
		}
	}
	return out
}

// learn adds the constants of a file.
func learn(f *ast.File, texts map[string]string) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i, value := range v.Values {
				name := f.Name.Name + "." + v.Names[i].Name
				if text, ok := literal(value, f.Name.Name, texts); ok {
					texts[name] = text
				}
			}
		}
	}
}
