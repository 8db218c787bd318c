// Package filter says which tables and columns are captured. Patterns are those
// of Debezium: regular expressions that must match the whole name, whatever its
// case. A table's name is db.table, a column's db.table.column.
//
// Start reading at New.
package filter

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/sdk/config"
)

// Patterns name databases, tables and columns.
type Patterns struct {
	Databases []string `json:"databases,omitempty"`
	Tables    []string `json:"tables,omitempty"`
	Columns   []string `json:"columns,omitempty"`
}

// Filter takes what is included, or everything if nothing is, and of that
// leaves out what is excluded.
type Filter struct {
	databases, tables, columns rule
	patterns                   stored
}

type rule struct{ include, exclude []*regexp.Regexp }

// system databases are never captured.
var system = map[string]bool{"mysql": true, "sys": true, "information_schema": true, "performance_schema": true}

// New compiles the patterns, and reports all that are no regular expressions.
func New(include, exclude Patterns) (*Filter, error) {
	var errs []error
	compile := func(key string, patterns []string) []*regexp.Regexp {
		out := make([]*regexp.Regexp, 0, len(patterns))
		for i, p := range patterns {
			re, err := regexp.Compile("(?i)^(?:" + p + ")$")
			if _, alone := regexp.Compile(p); alone != nil {
				err = alone // its message shows what the user wrote
			}
			if err != nil {
				errs = append(errs, config.At(fmt.Sprintf("%s[%d]", key, i), `write a regular expression, as in shop\.(orders|customers)`, fmt.Errorf("pattern %q is no regular expression: %w", p, err)))
				continue
			}
			out = append(out, re)
		}
		return out
	}
	f := &Filter{
		patterns:  stored{include, exclude},
		databases: rule{compile("include.databases", include.Databases), compile("exclude.databases", exclude.Databases)},
		tables:    rule{compile("include.tables", include.Tables), compile("exclude.tables", exclude.Tables)},
		columns:   rule{compile("include.columns", include.Columns), compile("exclude.columns", exclude.Columns)},
	}
	return f, errors.Join(errs...)
}

// Table says whether a table is captured.
func (f *Filter) Table(n table.Name) bool {
	return !system[n.Database] && f.databases.takes(n.Database) && f.tables.takes(n.String())
}

// Rank orders tables as include.tables names them: it is the number of the first
// pattern that matches.
func (f *Filter) Rank(n table.Name) int {
	name := n.String()
	return slices.IndexFunc(f.tables.include, func(re *regexp.Regexp) bool { return re.MatchString(name) })
}

// Columns returns what says whether a column of the table is captured, nil if
// all are.
func (f *Filter) Columns(n table.Name) func(column string) bool {
	if len(f.columns.include) == 0 && len(f.columns.exclude) == 0 {
		return nil
	}
	prefix := n.String() + "."
	return func(column string) bool { return f.columns.takes(prefix + column) }
}

func (r *rule) takes(name string) bool {
	matches := func(re *regexp.Regexp) bool { return re.MatchString(name) }
	if len(r.include) > 0 && !slices.ContainsFunc(r.include, matches) {
		return false
	}
	return !slices.ContainsFunc(r.exclude, matches)
}
