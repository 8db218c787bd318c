package main

import (
	"strings"
	"testing"
)

func TestDocument(t *testing.T) {
	t.Parallel()
	found := []Message{
		{Component: "a", Text: "one", Kind: Failure, Cure: "of the code"},
		{Component: "a", Text: "two", Kind: Failure, Cure: "of the code"},
		{Component: "a", Text: "for authors", Kind: Failure},
		{Component: "a", Text: "never shown", Kind: Failure},
		{Component: "a", Text: "do this: …", Kind: Failure, Optional: true},
		{Component: "a", Text: "do that: …", Kind: Failure, Optional: true},
		{Component: "b", Text: "of another part", Kind: Warning},
	}
	got := document([]component{{name: "a"}, {name: "b"}}, found, entries{
		"a": {
			"one": {Text: "one", Meaning: "first"}, "two": {Text: "two", Kind: Stops, Meaning: "second", Cure: "better"},
			"do that: …":  {Meaning: "an error of the system", Cure: "mend it"},
			"for authors": {Kind: Author}, "never shown": {Kind: Internal},
		},
		"b": {"of another part": {Meaning: "third", Cure: "none"}},
	})
	_, tables, _ := strings.Cut(got, "\n## a\n")
	want := `
| message | kind | what it means | what to do |
| --- | --- | --- | --- |
| one | error | first | of the code |
| two | stops | second | better |
| do that: … | error | an error of the system | mend it |

## b

| message | kind | what it means | what to do |
| --- | --- | --- | --- |
| of another part | warning | third | none |
`
	if tables != want {
		t.Errorf("got %s", tables)
	}
}

func TestCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a |\n  b":                  `a \| b`,
		"write ${A} or *":           `write \${A} or \*`,
		"<!-- config -->":           "&lt;!-- config -->",
		"set `${A} *` | or `a|b` *": "set `${A} *` \\| or `a\\|b` \\*",
		"one ` alone $":             "one ` alone \\$",
	} {
		if got := cell(text); got != want {
			t.Errorf("cell(%q) = %q, want %q", text, got, want)
		}
	}
}
