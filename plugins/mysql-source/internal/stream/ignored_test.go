package stream

import (
	"testing"
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
)

func TestIgnored(t *testing.T) {
	t.Parallel()
	var i ignored
	a, begin := gtid.UUID{1}, time.Unix(1000, 0)
	for _, step := range []struct {
		after time.Duration
		want  bool
	}{{0, true}, {time.Second, false}, {warnEvery - 1, false}, {warnEvery, true}, {warnEvery + 1, false}} {
		if got := i.add(a, begin.Add(step.after)); got != step.want {
			t.Errorf("after %s: warns %v, want %v", step.after, got, step.want)
		}
	}
	if i.counts[a] != 5 {
		t.Errorf("%d transactions were counted, want 5", i.counts[a])
	}
	for n := range 3 * mostOrigins {
		i.add(gtid.UUID{2, byte(n)}, begin)
	}
	if len(i.counts) != mostOrigins || i.others != 2*mostOrigins+1 {
		t.Errorf("%d servers and %d others were counted", len(i.counts), i.others)
	}
}
