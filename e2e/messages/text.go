package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

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

// typeName is the name of a type, of what it points to, or of what a list or map has.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ArrayType:
		return typeName(e.Elt)
	case *ast.MapType:
		return typeName(e.Value)
	}
	return ""
}
