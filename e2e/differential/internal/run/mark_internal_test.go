package run

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/differential/internal/topics"
	"github.com/leat-io/leat/e2e/differential/internal/tree"
)

func TestStreamedMarks(t *testing.T) {
	t.Parallel()
	mark := func(op string, id int64) *topics.Record {
		return &topics.Record{Value: tree.Object{{Name: "after", Value: tree.Object{{Name: "id", Value: id}}}, {Name: "op", Value: op}}}
	}
	got := streamedMarks([]*topics.Record{mark("r", 0), mark("r", 1), mark("c", 2), mark("c", 3), {}})
	if diff := cmp.Diff(map[int64]bool{2: true, 3: true}, got); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	if got := quoted("a`b c"); got != "`a``b c`" {
		t.Errorf("got %s", got)
	}
}
