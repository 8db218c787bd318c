package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// scanner finds the messages of a file. It is a visitor that knows in which calls
// it is.
type scanner struct {
	component string
	pkg       string
	texts     map[string]string
	helpers   helpers
	place     func(token.Pos) string
	found     []Message
	within    []ast.Node
}

// Visit implements ast.Visitor.
func (s *scanner) Visit(n ast.Node) ast.Visitor {
	if n == nil {
		s.within = s.within[:len(s.within)-1]
		return nil
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		s.call(n)
	case *ast.CompositeLit:
		s.composite(n)
	case *ast.ReturnStmt:
		s.returns(n)
	case *ast.Ident:
		s.use(n)
	case *ast.ValueSpec:
		s.cures(n)
	case *ast.FuncDecl:
		s.assigned(n)
	}
	s.within = append(s.within, n)
	return s
}

func (s *scanner) call(c *ast.CallExpr) {
	name := called(c)
	local := s.pkg + "." + name[strings.LastIndexByte(name, '.')+1:]
	helper, isHelper := s.helpers.takers[local]
	format, isFormat := s.helpers.formats[local]
	wrapper, isWrapper := s.helpers.wrappers[local]
	switch {
	case name == "errors.New" || name == "fmt.Errorf" || name == "flow.Permanent":
		kind, cure := s.around()
		if name == "flow.Permanent" {
			kind = Stops
		}
		s.add(c.Args[0], kind, cure)
	case s.helpers.texts[s.pkg+"."+name] && len(c.Args) == 1:
		s.add(c.Args[0], Failure, "")
	case isHelper && len(c.Args) > max(helper.message, helper.cure):
		s.given(c.Args, helper)
	case isFormat && len(c.Args) > format.message:
		s.formatted(c.Args[format.message], format.kind)
	case isWrapper && len(c.Args) > wrapper.message:
		if what := s.text(c.Args[wrapper.message]); what != "" {
			s.put(c, what+": %w", wrapper.kind, "")
		}
	case strings.HasSuffix(name, ".enter") && len(c.Args) == 1, strings.HasSuffix(name, ".Wait") && len(c.Args) == 2:
		s.add(c.Args[0], Waits, "")
	case strings.HasSuffix(name, ".Warn") && len(c.Args) > 0:
		s.add(c.Args[0], Warning, "")
	case strings.HasSuffix(name, ".Log") && len(c.Args) > 2:
		s.add(c.Args[2], Warning, "")
	case strings.HasSuffix(name, ".Error") && len(c.Args) > 0:
		s.add(c.Args[0], LogError, "")
	}
}

// formatted takes the format that a helper makes an error of.
func (s *scanner) formatted(format ast.Expr, kind Kind) {
	cure := ""
	if kind == Failure {
		kind, cure = s.around()
	}
	s.add(format, kind, cure)
}

// returns takes what a function says that makes the words for a user, also where
// they are a cure that becomes the end of an error.
func (s *scanner) returns(r *ast.ReturnStmt) {
	for i := len(s.within) - 1; i >= 0; i-- {
		switch f := s.within[i].(type) {
		case *ast.FuncLit:
			return
		case *ast.FuncDecl:
			switch {
			case len(r.Results) != 1:
			case f.Name.Name == "waiting":
				s.add(r.Results[0], Waits, "")
			case slices.Contains(told, f.Name.Name):
				s.add(r.Results[0], Failure, "")
			case isCure(f):
				s.add(r.Results[0], Failure, s.text(r.Results[0]))
			}
			return
		}
	}
}

// around says what becomes of an error that is made here, as far as it shows.
func (s *scanner) around() (Kind, string) {
	for i := len(s.within) - 1; i >= 0; i-- {
		c, ok := s.within[i].(*ast.CallExpr)
		if !ok {
			continue
		}
		if cure, ok := s.helpers.placers[s.pkg+"."+called(c)]; ok {
			return File, s.text(c.Args[cure])
		}
		if kind := marks[called(c)]; kind != "" {
			return kind, ""
		}
		if called(c) == "config.At" {
			return File, s.text(c.Args[1])
		}
	}
	return Failure, ""
}

// use takes an error that is declared elsewhere, if what becomes of it shows here.
func (s *scanner) use(n *ast.Ident) {
	if text, ok := s.helpers.sentinels[s.pkg+"."+n.Name]; ok {
		if kind, cure := s.around(); kind != Failure {
			s.add(text, kind, cure)
		}
	}
}

func (s *scanner) add(e ast.Expr, kind Kind, cure string) {
	if format := s.text(e); format != "" {
		s.put(e, format, kind, cure)
	}
}

func (s *scanner) put(at ast.Node, format string, kind Kind, cure string) {
	text := plain(format)
	if !words.MatchString(text) {
		return
	}
	if kind == Failure && strings.HasPrefix(text, "waiting for ") {
		kind = Waits
	}
	s.found = append(s.found, Message{
		Component: s.component, Text: text, Kind: kind, Cure: plain(cure),
		Optional: wraps(format) && kind == Failure, Place: s.place(at.Pos()),
	})
}
