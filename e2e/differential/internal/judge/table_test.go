package judge_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/e2e/differential/internal/judge"
)

// TestTable holds the page and the rules together.
func TestTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "differences.md"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := judge.ReadTable(string(text), judge.Rules())
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) != len(judge.Rules()) {
		t.Errorf("%d rules, want %d", len(rules), len(judge.Rules()))
	}
}

func TestReadTableErrTable(t *testing.T) {
	t.Parallel()
	rules := []judge.Rule{{Name: "a"}, {Name: "b"}}
	tests := map[string]struct{ text, want string }{
		"rule without a row":  {"| `a` | x |\n", "no row `b`"},
		"row without a rule":  {"| `a` | x |\n| `b` | x |\n| `c` | x |\n", "no rule for the row `c`"},
		"row twice":           {"| `a` | x |\n| `a` | y |\n| `b` | x |\n", "no name of its own"},
		"row without an end":  {"| `a | x\n", "no name of its own"},
		"page without tables": {"text\n", "no row `a`"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := judge.ReadTable(test.text, rules)
			if !errors.Is(err, judge.ErrTable) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want ErrTable with %s", err, test.want)
			}
		})
	}
}

func TestDifferenceString(t *testing.T) {
	t.Parallel()
	d := judge.Difference{
		Topic: "PREFIX.d.t", Part: judge.Value, Path: "after.a", Record: "record 3", Debezium: int64(5), Leat: nil, Rule: "null-default",
	}
	want := "PREFIX.d.t: value after.a (record 3) [explained: null-default]\n  debezium: 5\n  leat:     null"
	if got := d.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	d.Leat = strings.Repeat("x", 5000)
	if got := len(d.String()); got > 2000 {
		t.Errorf("%d bytes are shown of a long value", got)
	}
}
