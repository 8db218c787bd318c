package judge

import (
	"fmt"
	"strings"

	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

// String shows a difference: where, then what each contender has.
func (d Difference) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s", d.Topic, d.Part, d.Path)
	if d.Record != "" {
		fmt.Fprintf(&b, " (%s)", d.Record)
	}
	if d.Rule != "" {
		fmt.Fprintf(&b, " [explained: %s]", d.Rule)
	}
	fmt.Fprintf(&b, "\n  debezium: %s\n  leat:     %s", shorten(tree.Text(d.Debezium)), shorten(tree.Text(d.Leat)))
	return b.String()
}

func shorten(s string) string {
	const most = 1200
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
