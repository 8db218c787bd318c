package main

import (
	"cmp"
	"go/ast"
)

// holders are the kinds of messages by the types that hold them.
var holders = map[string]Kind{"Finding": Finding, "finding": Finding, "Notice": Notice, "Problem": File, "Problems": File}

// ends are the kinds by what a code of Kafka says about who ends its cause.
var ends = map[string]Kind{"passing": Waits, "restart": Waits, "lasting": Stops, "taken": Stops}

// marks are the kinds of the errors that functions mark.
var marks = map[string]Kind{
	"sdk.Permanent": Stops, "Permanent": Stops, "sdk.Superseded": Stops, "Superseded": Stops,
	"sdk.Transient": Waits, "Transient": Waits,
}

// isOK says whether an expression is the severity of a check that has found nothing wrong.
func isOK(e ast.Expr) bool {
	n := name(e)
	return n == "sdk.OK" || n == "severityOK"
}

// marked is the kind of the errors that a function makes of its format, empty if
// it makes none.
func marked(f *ast.FuncDecl) Kind {
	var makes bool
	kind := Failure
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			makes = makes || called(c) == "fmt.Errorf"
			kind = cmp.Or(marks[called(c)], kind)
		}
		return true
	})
	if !makes {
		return ""
	}
	return kind
}

// held is the kind of what a function makes: by its results, else by what it fills.
func held(f *ast.FuncDecl) Kind {
	kind := Finding
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CompositeLit); ok && holders[typeName(c.Type)] != "" {
			kind = holders[typeName(c.Type)]
		}
		return true
	})
	if f.Type.Results != nil && holders[typeName(f.Type.Results.List[0].Type)] != "" {
		kind = holders[typeName(f.Type.Results.List[0].Type)]
	}
	return kind
}
