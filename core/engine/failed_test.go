package engine_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/status"
)

// views returns what /status shows, by pipeline.
func views(t *testing.T, base string) map[string]status.View {
	t.Helper()
	var all []status.View
	if err := json.Unmarshal([]byte(fetch(t, base+"status")), &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]status.View{}
	for _, v := range all {
		out[v.Name] = v
	}
	return out
}

// pair is a pipeline whose sink fails for good, and one that is well.
func pair(t *testing.T, fails int) (sick, well *world) {
	t.Helper()
	sick, well = newWorld(t, conf{"count": 2000}), newWorld(t, conf{"pause": "1ms"})
	sick.def.Name, well.def.Name = "sick", "well"
	sick.fail(t, "a", conf{"fail_at": 1, "fails": fails, "permanent": true})
	return sick, well
}

func TestAFailedPipelineIsRunAnew(t *testing.T) {
	t.Parallel()
	sick, well := pair(t, 2)
	sick.def.Restart.RetryFailed = 700 * time.Millisecond
	stop, ended, base := sick.serve(t, well)
	eventually(t, "it is shown as failed", func() bool { return views(t, base)["sick"].State == status.Failed })
	v := views(t, base)["sick"]
	for _, p := range v.Plugins {
		if p.OldestOpen != nil {
			t.Errorf("%s is shown at a batch", p.Name)
		}
	}
	if v.Error != "a (test-sink): a is told to fail at 1" || v.Since.IsZero() || v.RetryAt.Before(v.Since) {
		t.Errorf("shown is %+v", v)
	}
	if got := fetch(t, base+"readyz"); !strings.Contains(got, "sick: failed, 0 s: a (test-sink): a is told to fail at 1 (run anew in 0 s)\n") {
		t.Errorf("readyz: %s", got)
	}
	if got := fetch(t, base+"healthz"); got != "ok\n" {
		t.Errorf("it is run anew, and healthz says %s", got)
	}
	eventually(t, "it fails again", func() bool { v := views(t, base)["sick"]; return v.State == status.Failed && v.Retries == 1 })
	if again := views(t, base)["sick"]; !again.Since.Equal(v.Since) {
		t.Errorf("it failed first at %v, not %v", v.Since, again.Since)
	}
	eventually(t, "it is mended", func() bool { return views(t, base)["sick"].State == status.Stopped })
	sick.complete(t, "a", 2000)
	if v := views(t, base)["sick"]; v.Error != "" || v.Retries != 0 {
		t.Errorf("shown is %+v", v)
	}
	if starts := len(pids(well.dir, "source")); starts != 1 || views(t, base)["well"].State != status.Running {
		t.Errorf("the other noticed: %d starts, %+v", starts, views(t, base)["well"])
	}
	stop()
	endsSoon(t, ended, 20*time.Second)
}

// Run anew, a pipeline that another process runs now would take its place in turn.
func TestAPipelineThatAnotherProcessRuns(t *testing.T) {
	t.Parallel()
	sick, well := pair(t, 0)
	sick.fail(t, "a", conf{"fail_at": 1, "fails": 99, "taken": true})
	sick.def.Restart.RetryFailed = 10 * time.Millisecond
	stop, ended, base := sick.serve(t, well)
	eventually(t, "it is shown as failed", func() bool { return views(t, base)["sick"].State == status.Failed })
	before := len(well.written("a"))
	well.await(t, before+100)
	if v := views(t, base)["sick"]; !v.Superseded || !v.RetryAt.IsZero() || v.Retries != 0 {
		t.Errorf("shown is %+v", v)
	}
	if got := fetch(t, base+"healthz"); got != "ok\n" {
		t.Errorf("nobody has to start it anew, and healthz says %s", got)
	}
	stop()
	err := <-ended
	if f, ok := errors.AsType[*flow.Failure](err); !ok || !f.IsPermanent() || len(pids(sick.dir, "a")) != 1 {
		t.Errorf("got %v after %d starts", err, len(pids(sick.dir, "a")))
	}
}

func TestAPipelineThatHasFailedForGood(t *testing.T) {
	t.Parallel()
	sick, well := pair(t, 99)
	stop, ended, base := sick.serve(t, well)
	eventually(t, "healthz says so", func() bool {
		return strings.HasPrefix(fetch(t, base+"healthz"), "sick: failed, 0 s: a (test-sink): a is told to fail at 1\n")
	})
	before := len(well.written("a"))
	well.await(t, before+100)
	if starts := len(pids(sick.dir, "a")); starts != 1 {
		t.Errorf("it was started %d times", starts)
	}
	stop()
	err := <-ended
	if f, ok := errors.AsType[*flow.Failure](err); !ok || !f.IsPermanent() || strings.Contains(err.Error(), "well") {
		t.Errorf("got %v", err)
	}
}

func TestAStopWhileAPipelineHasFailed(t *testing.T) {
	t.Parallel()
	sick, well := pair(t, 99)
	sick.def.Restart.RetryFailed = time.Hour
	stop, ended, base := sick.serve(t, well)
	eventually(t, "it has failed", func() bool { return views(t, base)["sick"].State == status.Failed })
	stop()
	select {
	case err := <-ended:
		if f, ok := errors.AsType[*flow.Failure](err); !ok || !f.IsPermanent() {
			t.Errorf("got %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits to be run anew")
	}
}
