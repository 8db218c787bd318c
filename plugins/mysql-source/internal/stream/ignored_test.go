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
		if got := i.warn(a, begin.Add(step.after)); got != step.want {
			t.Errorf("after %s: warns %v, want %v", step.after, got, step.want)
		}
	}
	for n := range 3 * mostOrigins {
		u := gtid.UUID{2, byte(n)}
		if got, want := i.add(u), uint64(1); n < mostOrigins && got != want || n >= mostOrigins && got != 0 {
			t.Errorf("server %d: %d were counted", n, got)
		}
		if got := i.warn(u, begin); got != (n < mostOrigins-1) {
			t.Errorf("server %d: warns %v", n, got)
		}
	}
	if got := i.add(gtid.UUID{2, 0}); got != 2 {
		t.Errorf("%d transactions were counted, want 2", got)
	}
	if len(i.counts) != mostOrigins || i.others != 2*mostOrigins {
		t.Errorf("%d servers and %d others were counted", len(i.counts), i.others)
	}
}
