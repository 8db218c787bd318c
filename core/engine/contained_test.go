package engine_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/contain"
	"github.com/leat-io/leat/core/status"
)

func TestAPanicEndsItsPipelineAlone(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"prepare", "keeper", "saver", "stop"} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			sick, well := newWorld(t, conf{"pause": "1ms"}), newWorld(t, conf{"pause": "1ms"})
			sick.def.Name, well.def.Name = "sick", "well"
			sick.def.StopTimeout = 2 * time.Second
			log, s := &logged{}, sick.settings()
			s.Logger = slog.New(slog.NewTextHandler(log, nil))
			stop, ended := sick.start(t, s.Sabotage("sick", part), well)
			if part == "stop" {
				well.await(t, 100)
			} else {
				eventually(t, "it has failed", func() bool { return strings.Contains(log.text(), `level=ERROR msg="pipeline failed" pipeline=sick`) })
			}
			before := len(well.written("a"))
			well.await(t, before+100)
			stop()
			err := <-ended
			if !contain.Is(err) || strings.Contains(err.Error(), "well") {
				t.Errorf("got %v", err)
			}
			for _, want := range []string{"panic: ", "stack=", "core/engine/"} {
				if !strings.Contains(log.text(), want) {
					t.Errorf("the log has no %q:\n%s", want, log.text())
				}
			}
			all := well.written("a")
			well.complete(t, "a", len(all)) // it drained
			if starts := len(pids(well.dir, "source")); starts != 1 {
				t.Errorf("the other was started %d times", starts)
			}
		})
	}
}

func TestAPipelineThatPanickedIsRunAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	w.def.Restart.RetryFailed = 300 * time.Millisecond
	w.sabotage = "saver"
	stop, ended, base := w.serve(t)
	eventually(t, "it is run anew", func() bool {
		v := views(t, base)["test"]
		return len(pids(w.dir, "source")) > 1 && v.State == status.Failed && strings.Contains(v.Error, "panic: ")
	})
	stop()
	if err := <-ended; !contain.Is(err) {
		t.Errorf("got %v", err)
	}
}
