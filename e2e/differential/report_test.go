package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/differential/internal/judge"
	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	failure := errors.New("it stopped")
	explained := []judge.Difference{{Rule: "a"}}
	unexplained := []judge.Difference{{Rule: "a"}, {}}
	missing := []judge.Difference{{Part: judge.Records}, {Part: judge.Versions}}
	fails := &sqlcase.Case{Fails: "b"}
	plain := &sqlcase.Case{}
	tests := map[string]struct {
		v    verdict
		want string
	}{
		"OK":                               {verdict{c: plain}, wordEqual},
		"explained":                        {verdict{c: plain, differences: explained}, wordExplained},
		"one is not explained":             {verdict{c: plain, differences: unexplained}, wordDifferent},
		"case that cannot be run":          {verdict{c: plain, err: failure}, wordDifferent},
		"leat stops":                       {verdict{c: plain, leat: failure}, wordDifferent},
		"Debezium stops":                   {verdict{c: plain, debezium: failure}, wordDifferent},
		"Debezium stops as expected":       {verdict{c: fails, debezium: failure, differences: missing}, wordExplained},
		"Debezium was wrong before":        {verdict{c: fails, debezium: failure, differences: unexplained}, wordDifferent},
		"records are missing":              {verdict{c: plain, differences: missing}, wordDifferent},
		"Debezium does not stop":           {verdict{c: fails}, wordDifferent},
		"leat stops where Debezium may":    {verdict{c: fails, debezium: failure, leat: failure}, wordDifferent},
		"nothing can be said of that case": {verdict{c: fails, debezium: failure, err: failure}, wordDifferent},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.v.word(); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestCasesAreRead(t *testing.T) {
	t.Parallel()
	all, err := options{pattern: "*"}.cases()
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]bool{}
	for _, r := range judge.Rules() {
		rules[r.Name] = true
	}
	named := map[string]bool{}
	for _, c := range all {
		for _, name := range append(c.Differs, c.Fails) {
			if named[name] = true; name != "" && !rules[name] {
				t.Errorf("%s names %s, which is no row of docs/differences.md", c.Name, name)
			}
		}
	}
	for _, r := range judge.Rules() {
		if (r.Named || r.Explains == nil) && !named[r.Name] {
			t.Errorf("no case shows %s", r.Name)
		}
	}
	if _, err := (options{pattern: "no such case"}).cases(); err == nil || !strings.Contains(err.Error(), "no such case") {
		t.Errorf("error %v, want the pattern", err)
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	c := &sqlcase.Case{Before: []string{"A", "B"}, Stream: []string{"C"}}
	if got, want := script(c), "A;\nB;\n-- stream\nC;\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := script(&sqlcase.Case{}), "-- stream\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	got := environment("export A=b=c\nexport D=\nwords\n")
	if len(got) != 2 || got["A"] != "b=c" || got["D"] != "" {
		t.Errorf("got %v", got)
	}
}
