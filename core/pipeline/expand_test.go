package pipeline

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	e := &expander{
		path: "/etc/leat/p.yaml",
		env: func(name string) (string, bool) {
			value, ok := map[string]string{"A": "a", "NESTED": "${A}", "EMPTY": "", "_x1": "under"}[name]
			return value, ok
		},
		readFile: func(path string) (string, error) {
			text, ok := map[string]string{"/run/pw": "pw", "/etc/leat/crlf": "x", "/run/two": "1\n"}[path]
			if !ok {
				return "", errors.New("no such file")
			}
			return text, nil
		},
	}
	tests := map[string]string{
		"":                    "",
		"plain":               "plain",
		"${A}":                "a",
		"x${A}y${A}":          "xaya",
		"${EMPTY}":            "",
		"${_x1}":              "under",
		"$":                   "$",
		"a$b":                 "a$b",
		"^orders$":            "^orders$",
		"$$":                  "$",
		"$${A}":               "${A}",
		"$$${A}":              "$a",
		"${NESTED}":           "${A}",
		"${file:/run/pw}":     "pw",
		"${file:crlf}":        "x",
		"${file:/run/two}":    "1\n",
		"${A":                 "error: has a ${ without }",
		"${}":                 "error: has the reference ${}, which is not the name of a variable",
		"${A B}":              "error: has the reference ${A B}, which is not the name of a variable",
		"${NONE}":             "error: refers to ${NONE}, which is not set",
		"${file:}":            "error: has the reference ${file:} without a path",
		"${file:/run/absent}": "error: refers to ${file:/run/absent}, which cannot be read: no such file",
	}
	for give, want := range tests {
		t.Run(give, func(t *testing.T) {
			t.Parallel()
			got, _, err := e.expand(give)
			if err != nil {
				got = "error: " + err.message
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
