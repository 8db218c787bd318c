package main

import (
	"cmp"
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
	}
	s.within = append(s.within, n)
	return s
}

func (s *scanner) call(c *ast.CallExpr) {
	name := called(c)
	helper, isHelper := s.helpers.takers[s.pkg+"."+name[strings.LastIndexByte(name, '.')+1:]]
	switch {
	case name == "errors.New" || name == "fmt.Errorf" || name == "violation" || name == "flow.Permanent":
		kind, cure := s.around()
		if name == "flow.Permanent" {
			kind = Stops
		}
		s.add(c.Args[0], kind, cure)
	case s.helpers.texts[s.pkg+"."+name] && len(c.Args) == 1:
		s.add(c.Args[0], Failure, "")
	case isHelper && len(c.Args) > max(helper.message, helper.cure):
		s.given(c.Args, helper)
	case strings.HasSuffix(name, ".fail") && len(c.Args) == 4, strings.HasSuffix(name, ".warn") && len(c.Args) == 4:
		s.add(c.Args[2], Finding, s.text(c.Args[3]))
	case strings.HasSuffix(name, ".enter") && len(c.Args) == 1:
		s.add(c.Args[0], Waits, "")
	case strings.HasSuffix(name, ".Warn") && len(c.Args) > 0:
		s.add(c.Args[0], Warning, "")
	case strings.HasSuffix(name, ".Log") && len(c.Args) > 2:
		s.add(c.Args[2], Warning, "")
	case strings.HasSuffix(name, ".Error") && len(c.Args) > 0:
		s.add(c.Args[0], LogError, "")
	}
}

// given takes message and cure from where a helper has them. One of a check that
// has found nothing wrong is no message.
func (s *scanner) given(args []ast.Expr, h taker) {
	for _, a := range args {
		if n := name(a); n == "sdk.OK" || n == "severityOK" {
			return
		}
	}
	s.add(args[h.message], h.kind, s.text(args[h.cure]))
}

// returns takes what a function says that makes the words for a user.
func (s *scanner) returns(r *ast.ReturnStmt) {
	for i := len(s.within) - 1; i >= 0; i-- {
		switch f := s.within[i].(type) {
		case *ast.FuncLit:
			return
		case *ast.FuncDecl:
			if slices.Contains(told, f.Name.Name) && len(r.Results) == 1 {
				kind := Failure
				if f.Name.Name == "waiting" {
					kind = Waits
				}
				s.add(r.Results[0], kind, "")
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
		switch called(c) {
		case "sdk.Permanent", "Permanent":
			return Stops, ""
		case "sdk.Transient", "Transient":
			return Waits, ""
		case "config.At":
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

// composite takes the message and cure of a finding, a notice or a problem, and
// what else holds words for a user.
func (s *scanner) composite(c *ast.CompositeLit) {
	of := s.typeOf(c)
	if t, ok := s.helpers.takers[s.pkg+"."+of]; ok && len(c.Elts) > max(t.message, t.cure) {
		s.given(c.Elts, t)
		return
	}
	kind := cmp.Or(holders[of], Failure)
	var message ast.Expr
	var cure string
	for _, e := range c.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		switch key := name(kv.Key); {
		case key == "Message" && holders[of] != "", key == "Reason" && of == "Damage", key == "Error" && of == "listed":
			message = kv.Value
		case key == "Cure":
			cure = s.text(kv.Value)
		case key == "Severity" && name(kv.Value) == "sdk.OK":
			return
		}
	}
	if message != nil {
		s.add(message, kind, cure)
	}
}

// typeOf is the type of a literal, which may be written at the list that it is in.
func (s *scanner) typeOf(c *ast.CompositeLit) string {
	if c.Type != nil || len(s.within) == 0 {
		return typeName(c.Type)
	}
	if list, ok := s.within[len(s.within)-1].(*ast.CompositeLit); ok {
		return typeName(list.Type)
	}
	return ""
}

func (s *scanner) add(e ast.Expr, kind Kind, cure string) {
	format := s.text(e)
	if format == "" {
		return
	}
	text := plain(format)
	if !words.MatchString(text) {
		return
	}
	s.found = append(s.found, Message{
		Component: s.component, Text: text, Kind: kind, Cure: plain(cure),
		Optional: wraps(format) && kind == Failure, Place: s.place(e.Pos()),
	})
}
