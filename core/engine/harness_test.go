package engine_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
)

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

// world is a pipeline with all that it writes in one folder.
type world struct {
	dir string
	def pipeline.Definition
	// interval of health checks while the status is served; 0: often.
	interval time.Duration
	sabotage string // part that is to panic while the status is served
}

type conf map[string]any

// newWorld makes a pipeline: source, transform, and one sink named a.
func newWorld(t *testing.T, source conf) *world {
	t.Helper()
	w := &world{dir: t.TempDir()}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"test-source", "test-transform", "test-sink", "test-ledger"} {
		if err := os.Symlink(self, filepath.Join(w.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	transform := w.stage(t, "test-transform", w.common())
	w.def = pipeline.Definition{
		Name: "test", Source: w.stage(t, "test-source", w.with(source)), Transform: &transform,
		Buffer: 1 << 20, Checkpoint: pipeline.Checkpoint{Dir: filepath.Join(w.dir, "checkpoints"), Interval: 20 * time.Millisecond},
		Restart:     pipeline.Restart{Max: 10, Window: time.Minute, InitialBackoff: time.Millisecond, MaxBackoff: 10 * time.Millisecond},
		StopTimeout: 20 * time.Second,
	}
	w.sink(t, "a", conf{})
	return w
}

func (w *world) common(more ...conf) conf {
	c := conf{"dir": w.dir}
	for _, m := range more {
		maps.Copy(c, m)
	}
	return c
}

// with adds the common part where the configuration has none.
func (w *world) with(c conf) conf {
	c = maps.Clone(c)
	if _, ok := c["common"]; !ok {
		c["common"] = w.common()
	}
	return c
}

func (w *world) stage(t *testing.T, name string, c conf) pipeline.Stage {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.Stage{Plugin: name, Config: raw}
}

// sink puts a sink in front of the others, so that those change their numbers.
func (w *world) sink(t *testing.T, name string, c conf) {
	t.Helper()
	s := pipeline.NamedStage{Name: name, Stage: w.stage(t, "test-sink", w.with(c))}
	w.def.Sinks = append([]pipeline.NamedStage{s}, w.def.Sinks...)
}

func (w *world) settings() engine.Settings {
	return engine.Settings{PluginDirs: []string{w.dir}, Logger: slog.New(slog.DiscardHandler)}
}

// run runs the pipeline to its end.
func (w *world) run(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := engine.Run(ctx, []*pipeline.Definition{&w.def}, w.settings())
	if ctx.Err() != nil {
		t.Fatal("the pipeline did not end")
	}
	return err
}

// start runs the pipeline in the background, and others beside it.
func (w *world) start(t *testing.T, s engine.Settings, others ...*world) (stop func(), ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	done := make(chan error, 1)
	defs := []*pipeline.Definition{&w.def}
	for _, o := range others {
		defs = append(defs, &o.def)
	}
	go func() { done <- engine.Run(ctx, defs, s) }()
	return cancel, done
}

// written returns what a sink has.
func (w *world) written(sink string) []int {
	raw, err := os.ReadFile(filepath.Join(w.dir, sink+".out"))
	if err != nil {
		return nil
	}
	return numbers(string(raw))
}

// await waits until sink a has so many lines.
func (w *world) await(t *testing.T, lines int) {
	t.Helper()
	eventually(t, "sink a writes", func() bool { return len(w.written("a")) >= lines })
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v: %s", patience, what)
		}
	}
}

// signal sends the latest process of a plugin a signal.
func (w *world) signal(t *testing.T, name string, s syscall.Signal) {
	t.Helper()
	all := pids(w.dir, name)
	if err := syscall.Kill(all[len(all)-1], s); err != nil {
		t.Fatalf("signal %s: %v", name, err)
	}
}

// complete sees that a sink has all numbers up to last in order. Repetitions
// are allowed, gaps never, not even for a moment.
func (w *world) complete(t *testing.T, sink string, last int) {
	t.Helper()
	highest := 0
	for _, n := range w.written(sink) {
		if n > highest+1 {
			t.Fatalf("sink %s: %d comes after %d", sink, n, highest)
		}
		highest = max(highest, n)
	}
	if highest != last {
		t.Errorf("sink %s ends at %d, want %d", sink, highest, last)
	}
}
