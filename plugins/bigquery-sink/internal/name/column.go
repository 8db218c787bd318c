// Package name makes names that BigQuery takes of names that a source has.
//
// Columns are made legal by Columns, table and dataset names by a Template.
package name

import (
	"fmt"
	"strings"
)

// maxColumn is the longest name of a column.
const maxColumn = 300

// reserved beginnings of column names, in upper case.
var reserved = []string{
	"_CHANGE_TYPE", "_CHANGE_SEQUENCE_NUMBER", "_CHANGE_TIMESTAMP", "_TABLE_", "_FILE_", "_PARTITION",
	"_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER",
}

// Columns returns the names of columns for the names of fields. Two that BigQuery
// cannot tell apart, since it ignores case, are an error.
func Columns(fields []string) ([]string, error) {
	out := make([]string, len(fields))
	seen := make(map[string]string, len(fields))
	for i, f := range fields {
		out[i] = Column(f)
		if len(out[i]) > maxColumn {
			return nil, fmt.Errorf("column %q has a name of %d bytes, BigQuery takes %d: shorten it or leave the column out in the source", f, len(out[i]), maxColumn)
		}
		key := strings.ToUpper(out[i])
		if other, ok := seen[key]; ok {
			return nil, fmt.Errorf("columns %q and %q have the same name in BigQuery, %q: rename one or leave it out in the source", other, f, out[i])
		}
		seen[key] = f
	}
	return out, nil
}

// Column replaces what is not a letter of ASCII, a digit or an underscore by an
// underscore, and puts an x before a name that begins with a digit or that
// BigQuery reserves.
func Column(field string) string {
	s := plain(field)
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return "x" + s
	}
	upper := strings.ToUpper(s)
	for _, r := range reserved {
		if strings.HasPrefix(upper, r) {
			return "x" + s
		}
	}
	return s
}

func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, s)
}
