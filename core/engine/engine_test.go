package engine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
)

func TestRunToTheEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]func(w *world){
		"with a transform":    func(*world) {},
		"without a transform": func(w *world) { w.def.Transform = nil },
		"a small buffer":      func(w *world) { w.def.Buffer = 1 },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"count": 30_000})
			change(w)
			if err := w.run(t); err != nil {
				t.Fatal(err)
			}
			w.complete(t, "a", 30_000)
			if got := len(w.written("a")); got != 30_000 {
				t.Errorf("%d lines without a crash", got)
			}
		})
	}
}

func TestRunTakesProcessesThatWereStartedBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 1000})
	settings := w.settings()
	settings.Started = new(plugin.Pool)
	source, err := plugin.Start(t.Context(), plugin.Settings{
		Path: filepath.Join(w.dir, w.def.Source.Plugin), Pipeline: w.def.Name, Name: pipeline.SourceName, Logger: settings.Logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	settings.Started.Put(source)
	_, ended := w.start(t, settings)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.complete(t, "a", 1000)
	if used := pids(w.dir, "source"); len(used) != 1 || used[0] != source.Pid() {
		t.Errorf("the source ran as %v, want only %d", used, source.Pid())
	}
	if _, err := source.Describe(t.Context()); err == nil {
		t.Error("the process outlives the run")
	}
}

func TestKilledPluginsLoseNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"source", "transform", "a"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"count": 20_000, "pause": "1ms"})
			w.sink(t, "b", conf{"pause": "3ms"})
			_, ended := w.start(t, w.settings())
			for i := range 3 {
				w.await(t, 500*(i+1))
				w.signal(t, name, syscall.SIGKILL)
				eventually(t, name+" starts again", func() bool { return len(pids(w.dir, name)) >= i+2 })
			}
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			w.complete(t, "a", 20_000)
			w.complete(t, "b", 20_000)
			if name != "a" && len(w.written("a")) != 20_000 {
				t.Errorf("sink a did not crash and has %d lines", len(w.written("a")))
			}
			if name == "a" && len(w.written("b")) != 20_000 {
				t.Errorf("sink b did not crash and has %d lines", len(w.written("b")))
			}
		})
	}
}

func TestPermanentErrorStopsThePipeline(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"source", "transform", "a"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"count": 2000})
			w.fail(t, name, conf{"fail_at": 1000, "fails": 9, "permanent": true})
			err := w.run(t)
			f, ok := errors.AsType[*flow.Failure](err)
			if !ok || f.Message != name+" is told to fail at 1000" || !f.IsPermanent() {
				t.Fatalf("got %v", err)
			}
			if starts := len(pids(w.dir, name)); starts != 1 {
				t.Errorf("%s was started %d times", name, starts)
			}
			if name == "source" { // all that came before is delivered
				w.complete(t, "a", 999)
			}
		})
	}
}

// fail has a plugin fail.
func (w *world) fail(t *testing.T, name string, c conf) {
	t.Helper()
	switch name {
	case "source":
		w.def.Source = w.stage(t, "test-source", conf{"count": 2000, "common": w.common(c)})
	case "transform":
		*w.def.Transform = w.stage(t, "test-transform", w.common(c))
	default:
		w.def.Sinks[0].Stage = w.stage(t, "test-sink", conf{"common": w.common(c)})
	}
}

func TestStopDrainsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	for i := range 3 {
		before := len(w.written("a"))
		stop, ended := w.start(t, w.settings())
		w.await(t, before+300)
		stop()
		if err := <-ended; err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
	}
	all := w.written("a")
	w.complete(t, "a", len(all)) // as many lines as numbers: nothing came twice
}

func TestNewSinkGetsAllWithoutTheOthersGettingItAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 1000})
	if err := w.run(t); err != nil {
		t.Fatal(err)
	}
	w.sink(t, "b", conf{})
	w.def.Source = w.stage(t, "test-source", w.with(conf{"count": 2000}))
	if err := w.run(t); err != nil {
		t.Fatal(err)
	}
	for _, sink := range []string{"a", "b"} {
		w.complete(t, sink, 2000)
		if got := len(w.written(sink)); got != 2000 {
			t.Errorf("sink %s has %d lines", sink, got)
		}
	}
}

func TestHungPluginIsStartedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 2000, "pause": "1ms"})
	_, ended := w.start(t, w.settings().WithHealth(100*time.Millisecond, 2*time.Second))
	w.await(t, 200)
	w.signal(t, "a", syscall.SIGSTOP)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.complete(t, "a", 2000)
	if starts := len(pids(w.dir, "a")); starts < 2 {
		t.Errorf("the sink was started %d times", starts)
	}
}

func TestKilledHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"pause": "1ms"})
	raw, err := json.Marshal(hostArgs{Definition: w.def, Plugins: w.dir})
	if err != nil {
		t.Fatal(err)
	}
	host := exec.CommandContext(t.Context(), os.Args[0])
	host.Env = append(os.Environ(), hostEnv+"="+string(raw))
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	w.await(t, 500)
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait() // it was killed

	killed := time.Now()
	for _, name := range []string{"source", "transform", "a"} {
		eventually(t, name+" ends", func() bool { return !lives(pids(w.dir, name)[0]) })
	}
	if took := time.Since(killed); took > 10*time.Second {
		t.Errorf("the plugins ended after %v", took)
	}
	last := w.written("a")[len(w.written("a"))-1]
	w.def.Source = w.stage(t, "test-source", w.with(conf{"count": last + 500}))
	if err := w.run(t); err != nil {
		t.Fatal(err)
	}
	w.complete(t, "a", last+500)
}

// lives says whether a process runs; one that nobody has waited for does not.
func lives(pid int) bool {
	s := state(pid)
	return s != "" && s != "Z"
}

// state is the letter that ps shows; empty when there is no such process.
func state(pid int) string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	letter, _, _ := strings.Cut(rest, " ")
	return letter
}

func TestPluginsGetNoSecretsOfTheHost(t *testing.T) {
	t.Setenv("MYSQL_PASSWORD", "hush")
	t.Setenv("GOGC", "77")
	w := newWorld(t, conf{"count": 1})
	w.def.Sinks[0].Stage = w.stage(t, "test-sink", w.with(conf{"environ": true}))
	if err := w.run(t); err != nil {
		t.Fatal(err)
	}
	env, err := os.ReadFile(filepath.Join(w.dir, "environ"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(env), "MYSQL_PASSWORD") || !strings.Contains(string(env), "GOGC=77") {
		t.Errorf("the plugin's environment:\n%s", env)
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(w *world)
		want   error
	}{
		"ErrNotFound": {func(w *world) { w.def.Source.Plugin = "no-such-plugin" }, plugin.ErrNotFound},
		"ErrChecksum": {func(w *world) { w.def.Source.SHA256 = strings.Repeat("0", 64) }, plugin.ErrChecksum},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"count": 1})
			tt.change(w)
			if err := w.run(t); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
