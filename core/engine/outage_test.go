package engine_test

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/supervisor"
)

// An outage is waited for: no budget counts it.
func TestAnOutageIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"source", "transform", "a"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"count": 2000})
			w.def.Restart.Max = 0
			w.fail(t, name, conf{"fail_at": 1000, "fails": 5})
			w.pace(t, name, conf{"fail_at": 1000, "fails": 5})
			log, s := &logged{}, w.settings()
			s.Logger = slog.New(slog.NewTextHandler(log, nil))
			_, ended := w.start(t, s.WithHealth(10*time.Millisecond, 5*time.Second))
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			w.complete(t, "a", 2000)
			if starts := len(pids(w.dir, name)); starts != 6 {
				t.Errorf("%s was started %d times, want 6", name, starts)
			}
			attempts := regexp.MustCompile(`attempt=\d+`).FindAllString(log.text(), -1)
			if got := strings.Join(attempts, " "); got != "attempt=1 attempt=2 attempt=4" {
				t.Errorf("the log tells of %s", got)
			}
			if !strings.Contains(log.text(), "gets on again") || !strings.Contains(log.text(), "attempts=5") {
				t.Errorf("the log does not tell that it is over:\n%s", log.text())
			}
		})
	}
}

// pace has the source send 2000 numbers over a while, and fail if it is the one
// that does.
func (w *world) pace(t *testing.T, fails string, c conf) {
	t.Helper()
	if fails != "source" {
		c = conf{}
	}
	w.def.Source = w.stage(t, "test-source", conf{"count": 2000, "pause": "500us", "common": w.common(c)})
}

func TestAnOutageIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	w.fail(t, "a", conf{"fail_at": 1, "fails": 1000})
	w.def.StopTimeout = time.Second
	stop, ended, base := w.serve(t)
	shown := regexp.MustCompile(`^test: sink a: a is told to fail at 1 \(attempt \d+\).*, \d+ s\n$`)
	eventually(t, "readyz says why", func() bool { return shown.MatchString(fetch(t, base+"readyz")) })
	stop()
	if err := <-ended; !errors.Is(err, engine.ErrCutShort) {
		t.Errorf("got %v", err)
	}
}

func TestCrashesHaveABudget(t *testing.T) {
	t.Parallel()
	t.Run("ErrBudget", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, conf{"count": 2000})
		w.def.Restart.Max = 2
		w.fail(t, "a", conf{"fail_at": 1000, "fails": 99, "unmarked": true})
		if err := w.run(t); !errors.Is(err, supervisor.ErrBudget) {
			t.Fatalf("got %v", err)
		}
		if starts := len(pids(w.dir, "a")); starts != 3 {
			t.Errorf("started %d times, want 3", starts)
		}
	})
	for _, name := range []string{"source", "transform", "a"} {
		t.Run(name+" that gets on has it back", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{})
			w.def.Restart.Max = 1
			w.fail(t, name, conf{"fail_at": 300, "fails": 5, "unmarked": true, "further": true})
			w.pace(t, name, conf{"fail_at": 300, "fails": 5, "unmarked": true, "further": true})
			if err := w.run(t); err != nil {
				t.Fatal(err)
			}
			w.complete(t, "a", 2000)
			if starts := len(pids(w.dir, name)); starts != 6 {
				t.Errorf("started %d times, want 6", starts)
			}
		})
	}
}
