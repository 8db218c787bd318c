package sqlcase_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want *sqlcase.Case
	}{
		"OK: both phases": {
			"-- Words\nCREATE TABLE t (a INT);\nINSERT INTO t\nVALUES (1);\n",
			&sqlcase.Case{
				Name: "a-b", About: "Words", Database: "a_b",
				Snapshot: []string{"CREATE TABLE t (a INT)", "INSERT INTO t\nVALUES (1)"},
				Stream:   []string{"CREATE TABLE t (a INT)", "INSERT INTO t\nVALUES (1)"},
			},
		},
		"OK: before and stream": {
			"-- Words\nCREATE TABLE t (a INT);\n-- stream\nINSERT INTO t VALUES (';');\n\nDELETE FROM t",
			&sqlcase.Case{
				Name: "a-b", About: "Words", Database: "a_b",
				Before: []string{"CREATE TABLE t (a INT)"}, Stream: []string{"INSERT INTO t VALUES (';')", "DELETE FROM t"},
			},
		},
		"OK: options": {
			"-- Words\n-- phases: stream\n-- database: odd name\n-- debezium: a=b=c\n-- leat: source.x=1\n-- differs: one\n-- fails: two\nSELECT 1;\n",
			&sqlcase.Case{
				Name: "a-b", About: "Words", Database: "odd name", Stream: []string{"SELECT 1"},
				Debezium: []string{"a=b=c"}, Leat: []string{"source.x=1"}, Differs: []string{"one"}, Fails: "two",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sqlcase.Parse("a-b", test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("case (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseErrSyntax(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"second line without a key": {"-- Words\n-- More words\nSELECT 1;", "a.sql:2"},
		"unknown phases":            {"-- Words\n-- phases: none\nSELECT 1;", `"none"`},
		"no statements":             {"-- Words\n", "no statements"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sqlcase.Parse("a", test.text)
			if !errors.Is(err, sqlcase.ErrSyntax) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want ErrSyntax with %s", err, test.want)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	cases, err := sqlcase.Load(fstest.MapFS{"b.sql": file("SELECT 1;"), "a.sql": file("SELECT 2;"), "README.md": file("x")})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range cases {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"a", "b"}, names); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	if _, err := sqlcase.Load(fstest.MapFS{"a.sql": file("")}); !errors.Is(err, sqlcase.ErrSyntax) {
		t.Errorf("error %v, want ErrSyntax", err)
	}
}
