package server

import (
	"os"
	"strings"
	"testing"
)

// harmless reads the variables that testdata/variables.txt gives a reason for.
func harmless(t *testing.T) map[string]bool {
	t.Helper()
	content, err := os.ReadFile("testdata/variables.txt")
	if err != nil {
		t.Fatal(err)
	}
	out, reason := map[string]bool{}, ""
	for line := range strings.Lines(string(content)) {
		switch {
		case strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "":
		case !strings.HasPrefix(line, "\t"):
			reason = line
		default:
			for name := range strings.FieldsSeq(line) {
				if out[name] || reason == "" {
					t.Errorf("%s stands twice, or without a reason", name)
				}
				out[name] = true
			}
		}
	}
	return out
}

func set() []variable { return append(append([]variable{}, common...), special...) }

func TestSession_setOrHarmless(t *testing.T) {
	t.Parallel()
	left, seen := harmless(t), map[string]bool{}
	for _, v := range set() {
		if left[v.name] || seen[v.name] {
			t.Errorf("%s is set, and is harmless or set twice", v.name)
		}
		seen[v.name] = true
	}
	for _, name := range []string{"sql_select_limit", "sql_mode", "max_execution_time", "max_statement_time", "time_zone", "system_versioning_asof", "use_secondary_engine", "autocommit"} {
		if !seen[name] {
			t.Errorf("%s is not set", name)
		}
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	if got, want := assign([]variable{{"a", "1"}, {"b", "''"}}), "SET SESSION a=1, SESSION b=''"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
