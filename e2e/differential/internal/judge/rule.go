package judge

import "slices"

// Rule is one row of docs/differences.md: what it says in words is judged here exactly, so that a
// row explains what it means and nothing else.
type Rule struct {
	Name string
	// Named says that the row holds only for cases that name it.
	Named bool
	// Explains tells whether a difference is the one that the row speaks of. It is nil for a row
	// on statements or tables at which Debezium stops: a case names it.
	Explains func(Difference) bool
}

// Rules has what the rows of docs/differences.md mean.
func Rules() []Rule {
	return slices.Concat(numberRules(), timeRules(), textRules(), bytesRules(), jsonRules(), defaultRules(), keyRules(), stopRules())
}

// stopRules are rows on what stops Debezium.
func stopRules() []Rule {
	return []Rule{
		{Name: "zerofill"},
		{Name: "ansi-quotes"},
		{Name: "rename-swap"},
		{Name: "rename-equals"},
		{Name: "column-case"},
	}
}

// isValue tells whether a difference is in a column of a row or of a key.
func isValue(d Difference) bool {
	return d.Column != "" && (d.Part == Value || d.Part == Key)
}

// isField tells whether a difference is in a column's field in a schema.
func isField(d Difference) bool {
	return d.Column != "" && (d.Part == ValueSchema || d.Part == KeySchema)
}
