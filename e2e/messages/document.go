package main

import (
	"cmp"
	"fmt"
	"strings"
)

const introduction = `# Messages

What leat and its plugins say, what it means, and what to do. ` + "`…`" + ` stands for names and values, and one message is often
followed by another: search for a part of yours. The table is made from the code and from ` + "`docs/messages/*.yaml`" + ` by
` + "`make generate`" + `.

| kind | where it is met, and what leat does |
| --- | --- |
| stops | a person has to mend something: the pipeline has failed, and is tried again after ` + "`restart.retry_failed`" + ` |
| waits | another system is away or busy: tried again for as long as it takes; ` + "`/readyz`" + ` says so meanwhile |
| error | one of these two by where it happens, or the end of a command |
| file | a fault in the pipeline file, told with its place by ` + "`leat validate`" + ` and before a run |
| finding | of ` + "`leat validate`" + ` |
| notice | at ` + "`/status`" + ` and in the log while all goes on, until a person acts |
| warning | in the log while all goes on |
| log | in the log at level error |

Messages of the SDK that only the author of a plugin meets are left out.
`

// document returns the page of some components.
func document(parts []component, found []Message, explained entries) string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, c := range parts {
		fmt.Fprintf(&b, "\n## %s\n\n| message | kind | what it means | what to do |\n| --- | --- | --- | --- |\n", c.name)
		for _, m := range found {
			e, ok := explained[m.Component][m.Text]
			kind := cmp.Or(e.Kind, m.Kind)
			if m.Component != c.name || !kind.isShown() || !ok && m.Optional {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", cell(m.Text), kind, cell(e.Meaning), cell(cmp.Or(e.Cure, m.Cure)))
		}
	}
	return b.String()
}

// cell is text within a table of Markdown. What stands in backticks is code.
func cell(text string) string {
	parts := strings.Split(strings.Join(strings.Fields(text), " "), "`")
	for i, part := range parts {
		if isCode := i%2 == 1 && i < len(parts)-1; isCode {
			parts[i] = strings.ReplaceAll(part, "|", `\|`)
		} else {
			parts[i] = escapes.Replace(part)
		}
	}
	return strings.Join(parts, "`")
}

// escapes keeps characters from being read as Markdown.
var escapes = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "$", `\$`)
