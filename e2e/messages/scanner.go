package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// scanner finds the messages of a file. It is a visitor that knows in which calls
// it is.
type scanner struct {
	component string
	pkg       string
	texts     map[string]string
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
	}
	s.within = append(s.within, n)
	return s
}

func (s *scanner) call(c *ast.CallExpr) {
	switch name := called(c); {
	case name == "errors.New" || name == "fmt.Errorf" || name == "violation" || name == "flow.Permanent":
		kind, cure := s.around()
		if name == "flow.Permanent" {
			kind = Stops
		}
		s.add(c.Args[0], kind, cure)
	case strings.HasSuffix(name, ".fail") && len(c.Args) == 4, strings.HasSuffix(name, ".warn") && len(c.Args) == 4:
		s.add(c.Args[2], Finding, s.text(c.Args[3]))
	case strings.HasSuffix(name, ".Warn") && len(c.Args) > 0:
		s.add(c.Args[0], Warning, "")
	case strings.HasSuffix(name, ".Error") && len(c.Args) > 0:
		s.add(c.Args[0], LogError, "")
	}
}

// around says what becomes of an error that is made here, as far as it shows.
func (s *scanner) around() (Kind, string) {
	for i := len(s.within) - 1; i >= 0; i-- {
		c, ok := s.within[i].(*ast.CallExpr)
		if !ok {
			continue
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

// composite takes the message and cure of a finding, a notice or a problem.
func (s *scanner) composite(c *ast.CompositeLit) {
	var kind Kind
	switch typeName(c.Type) {
	case "Finding":
		kind = Finding
	case "Notice":
		kind = Notice
	case "Problem":
		kind = File
	default:
		return
	}
	var message ast.Expr
	var cure string
	for _, e := range c.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		switch key, _ := kv.Key.(*ast.Ident); {
		case key == nil:
		case key.Name == "Message":
			message = kv.Value
		case key.Name == "Cure":
			cure = s.text(kv.Value)
		}
	}
	if message != nil {
		s.add(message, kind, cure)
	}
}

func (s *scanner) add(e ast.Expr, kind Kind, cure string) {
	format := s.text(e)
	if format == "" || wraps(format) && kind == Failure {
		return
	}
	text := plain(format)
	if !words.MatchString(text) {
		return
	}
	s.found = append(s.found, Message{Component: s.component, Text: text, Kind: kind, Cure: plain(cure), Place: s.place(e.Pos())})
}

var (
	words = regexp.MustCompile(`[A-Za-z]{2,}.*[A-Za-z]{2,}`)
	verb  = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[a-zA-Z]`)
)

// wraps says whether a format only says what was being done when another error came.
func wraps(format string) bool { return strings.HasSuffix(format, ": %w") }

// plain puts … where a value stands.
func plain(format string) string {
	text := strings.ReplaceAll(verb.ReplaceAllString(format, "…"), "%%", "%")
	return strings.Join(strings.Fields(text), " ")
}

// text returns the text of an expression as a format, empty if it has none.
func (s *scanner) text(e ast.Expr) string {
	if c, ok := e.(*ast.CallExpr); ok && (called(c) == "fmt.Sprintf" || called(c) == "fmt.Sprint") && len(c.Args) > 0 {
		e = c.Args[0]
	}
	t, _ := literal(e, s.pkg, s.texts)
	return t
}

// literal evaluates an expression of string literals and constants. What else is
// joined to them counts as a value.
func literal(e ast.Expr, pkg string, texts map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		t, err := strconv.Unquote(e.Value)
		return t, err == nil
	case *ast.ParenExpr:
		return literal(e.X, pkg, texts)
	case *ast.Ident:
		t, ok := texts[pkg+"."+e.Name]
		return t, ok
	case *ast.SelectorExpr:
		t, ok := texts[name(e)]
		return t, ok
	case *ast.BinaryExpr:
		left, okL := literal(e.X, pkg, texts)
		right, okR := literal(e.Y, pkg, texts)
		if e.Op != token.ADD || !okL && !okR {
			return "", false
		}
		if !okL {
			left = "%s"
		}
		if !okR {
			right = "%s"
		}
		return left + right, true
	}
	return "", false
}

func called(c *ast.CallExpr) string { return name(c.Fun) }

// name of a function or constant with what stands before its last dot.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	}
	return ""
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
