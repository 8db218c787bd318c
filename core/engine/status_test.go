package engine_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/status"
)

func TestAStartSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	w.def.StopTimeout = time.Second
	w.fail(t, "a", conf{"hang": "open"})
	stop, ended, base := w.serve(t)
	shown := regexp.MustCompile(`^test: source: waits for sink a to open, 1 s; sink a: has not answered Open yet, 1 s\n$`)
	eventually(t, "readyz says what the start waits for", func() bool { return shown.MatchString(fetch(t, base+"readyz")) })
	stop()
	endsSoon(t, ended, 10*time.Second)
}

func TestASinkThatHangsAtABatchIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	w.def.StopTimeout = time.Second
	w.def.Sinks[0].Stage = w.stage(t, "test-sink", w.with(conf{"pause": "1h"}))
	stop, ended, base := w.serve(t)
	aged := regexp.MustCompile(`leat_oldest_open_batch_seconds\{pipeline="test",plugin="a"\} [1-9]`)
	eventually(t, "its batch ages", func() bool { return aged.MatchString(fetch(t, base+"metrics")) })
	for _, p := range views(t, base)["test"].Plugins {
		switch b := p.OldestOpen; p.Name {
		case "a":
			if b == nil || b.Sequence == 0 || time.Since(b.Since) < time.Second {
				t.Errorf("the oldest batch of sink a is %+v", b)
			}
		case "transform": // it gets on
			if b != nil && time.Since(b.Since) > 10*time.Second {
				t.Errorf("the oldest batch of the transform is %+v", b)
			}
		}
	}
	if got := fetch(t, base+"readyz"); got != "test: ok\n" {
		t.Errorf("a batch may take a second, readyz says %s", got)
	}
	stop()
	if err := <-ended; !errors.Is(err, engine.ErrCutShort) {
		t.Errorf("got %v", err)
	}
}

func TestHealthIsAskedForAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	w.interval = time.Hour
	stop, ended, base := w.serve(t)
	eventually(t, "the source's notice is shown", func() bool { return strings.Contains(fetch(t, base+"status"), "holds numbers") })
	stop()
	endsSoon(t, ended, 20*time.Second)
}

func TestStatesHaveTheirTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	stop, ended, base := w.serve(t)
	eventually(t, "it runs", func() bool { return views(t, base)["test"].State == status.Running })
	if v := views(t, base)["test"]; time.Since(v.Since) > patience || v.Since.After(time.Now()) {
		t.Errorf("it runs since %v", v.Since)
	}
	stop()
	endsSoon(t, ended, 20*time.Second)
}
