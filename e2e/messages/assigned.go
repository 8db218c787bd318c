package main

import "go/ast"

// assigned takes the messages that a function puts into the fields of a finding or
// a notice, as in f.Severity, f.Message = sdk.Error, "…".
func (s *scanner) assigned(f *ast.FuncDecl) {
	held := heldBy(f)
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			s.assignments(n.List, held)
		case *ast.CaseClause:
			s.assignments(n.Body, held)
		}
		return true
	})
}

// variable holds a message.
type variable struct {
	kind Kind
	ok   bool     // it is of a check that has found nothing wrong
	cure ast.Expr // that it has from the beginning
}

// heldBy returns the variables of a function that hold messages.
func heldBy(f *ast.FuncDecl) map[string]variable {
	held := map[string]variable{}
	for _, list := range []*ast.FieldList{f.Type.Params, f.Type.Results} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, n := range field.Names {
				if kind := holders[typeName(field.Type)]; kind != "" {
					held[n.Name] = variable{kind: kind}
				}
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		if c, ok := a.Rhs[0].(*ast.CompositeLit); ok && holders[typeName(c.Type)] != "" {
			held[name(a.Lhs[0])] = begun(c)
		}
		return true
	})
	return held
}

// begun is a variable that begins as a literal.
func begun(c *ast.CompositeLit) variable {
	v := variable{kind: holders[typeName(c.Type)]}
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			v.ok = v.ok || isOK(kv.Value)
			if name(kv.Key) == "Cure" {
				v.cure = kv.Value
			}
		}
	}
	return v
}

// assignments takes the messages of statements that follow each other. A cure may
// come after its message, the severity comes with it or before.
func (s *scanner) assignments(list []ast.Stmt, held map[string]variable) {
	ok := map[string]bool{}
	for name, v := range held {
		ok[name] = v.ok
	}
	for i, stmt := range list {
		fields := set(stmt)
		for of, f := range fields {
			v, isHeld := held[of]
			if f["Severity"] != nil {
				ok[of] = isOK(f["Severity"])
			}
			if f["Message"] != nil && isHeld && !ok[of] {
				s.add(f["Message"], v.kind, s.text(cureOf(of, list[i:], v.cure)))
			}
		}
	}
}

// set returns what a statement puts into which fields of which variables.
func set(stmt ast.Stmt) map[string]map[string]ast.Expr {
	out := map[string]map[string]ast.Expr{}
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != len(a.Rhs) {
		return out
	}
	for i, left := range a.Lhs {
		field, isField := left.(*ast.SelectorExpr)
		if !isField {
			continue
		}
		of := name(field.X)
		if out[of] == nil {
			out[of] = map[string]ast.Expr{}
		}
		out[of][field.Sel.Name] = a.Rhs[i]
	}
	return out
}

// cureOf is the first one that statements put into a variable, else that of its beginning.
func cureOf(of string, list []ast.Stmt, otherwise ast.Expr) ast.Expr {
	for _, stmt := range list {
		if cure := set(stmt)[of]["Cure"]; cure != nil {
			return cure
		}
	}
	return otherwise
}
