package tree_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func TestParseJSON(t *testing.T) {
	t.Parallel()
	got, err := tree.ParseJSON(`{"b": [1, "x", null], "a": {"c": true}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := tree.Object{
		{Name: "b", Value: []any{json.Number("1"), "x", nil}},
		{Name: "a", Value: tree.Object{{Name: "c", Value: true}}},
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
	for _, text := range []string{``, `{`, `{"a"`, `[1`, `1 2`, `nul`} {
		if v, err := tree.ParseJSON(text); err == nil {
			t.Errorf("%s is read as %s", text, tree.Text(v))
		}
	}
}

func TestTextTellsValuesApart(t *testing.T) {
	t.Parallel()
	values := []any{
		nil, "null", true, "true", int64(1), "1", 1.5, math.Copysign(0, -1), int64(0),
		[]byte{1},
		[]byte{},
		"",
		[]any{},
		[]any{nil},
		tree.Object{},
		tree.Object{{Name: "a", Value: int64(1)}, {Name: "b", Value: int64(1)}},
		tree.Object{{Name: "b", Value: int64(1)}, {Name: "a", Value: int64(1)}},
		"x'01'",
		tree.Absent{},
	}
	seen := map[string]any{}
	for _, v := range values {
		text := tree.Text(v)
		if other, there := seen[text]; there {
			t.Errorf("%#v and %#v have the same text %s", other, v, text)
		}
		seen[text] = v
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	in := tree.Object{{Name: "p.k", Value: []any{"p.v", []byte("p"), int64(1)}}}
	want := tree.Object{{Name: "X.k", Value: []any{"X.v", []byte("p"), int64(1)}}}
	if diff := cmp.Diff(any(want), tree.Replace(in, "p", "X")); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b string
		want []string
	}{
		"OK":                         {`{"a": 1}`, `{"a": 1}`, nil},
		"leaf":                       {`{"a": {"b": 1}, "c": 2}`, `{"a": {"b": 3}, "c": 2}`, []string{"a.b: 1 3"}},
		"member missing":             {`{"a": 1, "b": 2}`, `{"a": 1}`, []string{"b: 2 (absent)"}},
		"member too many":            {`{"a": 1}`, `{"a": 1, "b": 2}`, []string{"b: (absent) 2"}},
		"order":                      {`{"a": 1, "b": 2}`, `{"b": 2, "a": 1}`, []string{`(order): "a, b" "b, a"`}},
		"order and value":            {`{"a": 1, "b": 2}`, `{"b": 2, "a": 3}`, []string{`(order): "a, b" "b, a"`, "a: 1 3"}},
		"array":                      {`[1, 2, 3]`, `[1, 3]`, []string{"1: 2 3", "2: 3 (absent)"}},
		"array of named objects":     {`[{"name": "x", "t": 1}, {"name": "y"}]`, `[{"name": "y"}, {"name": "x", "t": 2}]`, []string{`(order): "x, y" "y, x"`, "x.t: 1 2"}},
		"kinds":                      {`{"a": [1]}`, `{"a": 1}`, []string{"a: [1] 1"}},
		"number written differently": {`1.0`, `1`, []string{": 1.0 1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			tree.Walk(parse(t, test.a), parse(t, test.b), func(path []string, a, b any, leaf bool) tree.Stop {
				if leaf {
					got = append(got, strings.Join(path, ".")+": "+tree.Text(a)+" "+tree.Text(b))
				}
				return false
			})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWalkStops(t *testing.T) {
	t.Parallel()
	visits := 0
	tree.Walk(parse(t, `{"a": {"b": 1}}`), parse(t, `{"a": {"b": 2}}`), func(path []string, _, _ any, _ bool) tree.Stop {
		visits++
		return len(path) == 1
	})
	if visits != 2 {
		t.Errorf("%d visits, want that of the root and that of a", visits)
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	v, err := tree.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
