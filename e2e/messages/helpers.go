package main

import (
	"go/ast"
	"slices"
	"strings"
)

// helpers are the functions and types of a component by which its packages make
// messages, by "package.name".
type helpers struct {
	// takers are functions with parameters message and cure, and structs with fields
	// of these names.
	takers map[string]taker
	// texts are types of string with an Error method.
	texts map[string]bool
	// placers are local functions that put an error at a key as config.At does: which
	// of their arguments is the cure.
	placers map[string]int
	// formats are functions that make errors of their parameters format and args, or
	// refuse for a reason.
	formats map[string]taker
	// wrappers are functions with parameters what and err that note both.
	wrappers map[string]taker
	// codes are structs with fields name, kind, text and cure.
	codes map[string]bool
	// sentinels are the texts of errors that are declared as variables.
	sentinels map[string]ast.Expr
}

// taker says where a function is given what.
type taker struct {
	message, cure int
	kind          Kind
}

// told are the functions whose results are what a user is told.
var told = []string{"Error", "What", "Fault", "misplaced"}

// isCure says whether a function returns what to do about an error that it is given.
func isCure(f *ast.FuncDecl) bool {
	takesError := false
	for _, p := range f.Type.Params.List {
		takesError = takesError || typeName(p.Type) == "error"
	}
	return takesError && (f.Name.Name == "cure" || strings.HasSuffix(f.Name.Name, "Cure"))
}

func findHelpers(packages map[string][]*ast.File) helpers {
	h := helpers{takers: map[string]taker{}, formats: map[string]taker{}, wrappers: map[string]taker{}, codes: map[string]bool{}, texts: map[string]bool{}, placers: map[string]int{}, sentinels: map[string]ast.Expr{}}
	isString := map[string]bool{}
	for _, files := range packages {
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					h.function(f.Name.Name, n)
				case *ast.AssignStmt:
					h.local(f.Name.Name, n)
				case *ast.ValueSpec:
					h.sentinel(f.Name.Name, n)
				case *ast.TypeSpec:
					h.structure(f.Name.Name, n)
					isString[f.Name.Name+"."+n.Name.Name] = typeName(n.Type) == "string"
				}
				return true
			})
		}
	}
	for name := range h.texts {
		h.texts[name] = isString[name]
	}
	return h
}

func (h helpers) function(pkg string, f *ast.FuncDecl) {
	if f.Name.Name == "Error" && f.Recv != nil {
		h.texts[pkg+"."+typeName(f.Recv.List[0].Type)] = true
	}
	if t, ok := takes(f.Type.Params, "message", "cure"); ok {
		t.kind = held(f)
		h.takers[pkg+"."+f.Name.Name] = t
	}
	if t, ok := takes(f.Type.Params, "format", "args"); ok && marked(f) != "" {
		t.kind = marked(f)
		h.formats[pkg+"."+f.Name.Name] = t
	}
	if t, ok := takes(f.Type.Params, "reason", "reason"); ok && f.Type.Results == nil {
		t.kind = Failure
		h.formats[pkg+"."+f.Name.Name] = t
	}
	if t, ok := takes(f.Type.Params, "what", "err"); ok && f.Type.Results == nil {
		t.kind = held(f)
		h.wrappers[pkg+"."+f.Name.Name] = t
	}
}

func (h helpers) structure(pkg string, s *ast.TypeSpec) {
	if fields, ok := s.Type.(*ast.StructType); ok {
		if t, ok := takes(fields.Fields, "message", "cure"); ok {
			t.kind = Failure
			h.takers[pkg+"."+s.Name.Name] = t
		}
		_, h.codes[pkg+"."+s.Name.Name] = takes(fields.Fields, "name", "cure")
	}
}

func (h helpers) local(pkg string, a *ast.AssignStmt) {
	f, ok := a.Rhs[0].(*ast.FuncLit)
	if !ok {
		return
	}
	if t, ok := takes(f.Type.Params, "err", "cure"); ok {
		h.placers[pkg+"."+name(a.Lhs[0])] = t.cure
	}
}

func (h helpers) sentinel(pkg string, v *ast.ValueSpec) {
	for i, value := range v.Values {
		if c, ok := value.(*ast.CallExpr); ok && called(c) == "errors.New" {
			h.sentinels[pkg+"."+v.Names[i].Name] = c.Args[0]
		}
	}
}

// takes finds the places of a message and a cure in a list.
func takes(list *ast.FieldList, message, cure string) (taker, bool) {
	var names []string
	for _, field := range list.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	t := taker{message: slices.Index(names, message), cure: slices.Index(names, cure)}
	return t, t.message >= 0 && t.cure >= 0
}
