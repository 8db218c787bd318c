package judge

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrTable means that docs/differences.md and the rules do not go together.
var ErrTable = errors.New("docs/differences.md does not fit the judge")

// ReadTable returns those rules that the text of docs/differences.md has a row for. Every rule must
// have one, and every row a rule.
func ReadTable(text string, rules []Rule) ([]Rule, error) {
	names, err := rowNames(text)
	if err != nil {
		return nil, err
	}
	var out []Rule
	var errs []error
	for _, rule := range rules {
		if slices.Contains(names, rule.Name) {
			out = append(out, rule)
		} else {
			errs = append(errs, fmt.Errorf("%w: no row `%s`: write one", ErrTable, rule.Name))
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(rules, func(r Rule) bool { return r.Name == name }) {
			errs = append(errs, fmt.Errorf("%w: no rule for the row `%s`: add one to e2e/differential/internal/judge", ErrTable, name))
		}
	}
	return out, errors.Join(errs...)
}

// rowNames returns the first columns of the tables' rows, which are written as code.
func rowNames(text string) ([]string, error) {
	var names []string
	for line := range strings.SplitSeq(text, "\n") {
		rest, ok := strings.CutPrefix(line, "| `")
		if !ok {
			continue
		}
		name, _, closed := strings.Cut(rest, "` |")
		if !closed || slices.Contains(names, name) {
			return nil, fmt.Errorf("%w: row %q has no name of its own", ErrTable, line)
		}
		names = append(names, name)
	}
	return names, nil
}
