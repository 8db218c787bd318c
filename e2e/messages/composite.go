package main

import (
	"cmp"
	"go/ast"
)

// composite takes the message and cure of a finding, a notice or a problem, and
// what else holds words for a user.
func (s *scanner) composite(c *ast.CompositeLit) {
	of := s.typeOf(c)
	if t, ok := s.helpers.takers[s.pkg+"."+of]; ok && len(c.Elts) > max(t.message, t.cure) {
		s.given(c.Elts, t)
		return
	}
	if s.helpers.codes[s.pkg+"."+of] {
		s.code(c)
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
		case key == "Message" && holders[of] != "", key == "Reason" && (of == "Damage" || of == "Fault"), key == "Error" && of == "listed":
			message = kv.Value
		case key == "Cure":
			cure = s.text(kv.Value)
		case key == "Severity" && isOK(kv.Value):
			return
		}
	}
	if message != nil {
		s.add(message, kind, cure)
	}
}

// typeOf is the type of a literal, which may be written at the list or map that it is in.
func (s *scanner) typeOf(c *ast.CompositeLit) string {
	if c.Type != nil {
		return typeName(c.Type)
	}
	for i := len(s.within) - 1; i >= 0; i-- {
		switch n := s.within[i].(type) {
		case *ast.KeyValueExpr:
		case *ast.CompositeLit:
			return typeName(n.Type)
		default:
			return ""
		}
	}
	return ""
}

// cures takes the values of a map that says what to do, each of which ends an error.
func (s *scanner) cures(v *ast.ValueSpec) {
	if v.Names[0].Name != "cures" || len(v.Values) != 1 {
		return
	}
	c, ok := v.Values[0].(*ast.CompositeLit)
	if !ok || typeName(c.Type) != "string" {
		return
	}
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			s.add(kv.Value, Failure, s.text(kv.Value))
		}
	}
}

// code takes what is known about a code of Kafka. Where it has no text of its own,
// the text is that of the library.
func (s *scanner) code(c *ast.CompositeLit) {
	fields := map[string]ast.Expr{}
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			fields[name(kv.Key)] = kv.Value
		}
	}
	if text := s.text(fields["name"]); text != "" {
		text = cmp.Or(s.text(fields["text"]), "%s") + " (" + text + ")"
		s.put(c, text, cmp.Or(ends[name(fields["kind"])], Failure), s.text(fields["cure"]))
	}
}

// given takes message and cure from where a helper has them. One of a check that
// has found nothing wrong is no message.
func (s *scanner) given(args []ast.Expr, h taker) {
	for _, a := range args {
		if isOK(a) {
			return
		}
	}
	s.add(args[h.message], h.kind, s.text(args[h.cure]))
}
