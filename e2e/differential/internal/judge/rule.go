package judge

// Rule is one row of docs/differences.md: what it says in words is judged here exactly, so that a
// row explains what it means and nothing else.
type Rule struct {
	Name     string
	Explains func(Difference) bool
}

// Rules has what the rows of docs/differences.md mean, by their names.
func Rules() []Rule {
	return []Rule{}
}
