package engine_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
)

// The whole of a stop fits into stop_timeout, whatever hangs.
func TestStopTimeout(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		hang func(t *testing.T, w *world)
		// at has the plugins in their state when the signal comes.
		at   func(t *testing.T, w *world)
		want error
	}{
		"a sink before it says a word":   {mute("a"), begun("a"), nil},
		"a source before it says a word": {mute("source"), begun("a"), nil},
		"a source in Open":               {hangs("source", "open"), begun("source"), nil},
		"a transform in Open":            {hangs("transform", "open"), begun("transform", "source"), engine.ErrCutShort},
		"a sink in Open":                 {hangs("a", "open"), begun("a"), nil},
		"a sink in Write": {func(t *testing.T, w *world) {
			t.Helper()
			w.def.Sinks[0].Stage = w.stage(t, "test-sink", w.with(conf{"pause": "1h"}))
		}, begun("a", "source"), engine.ErrCutShort},
		"a source in Close":          {hangs("source", "close"), flowing, nil},
		"a transform in Close":       {hangs("transform", "close"), flowing, nil},
		"a sink in Close":            {hangs("a", "close"), flowing, nil},
		"a source that is halted":    {nothing, halted("source"), nil},
		"a transform that is halted": {nothing, halted("transform"), engine.ErrCutShort},
		"a sink that is halted":      {nothing, halted("a"), engine.ErrCutShort},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, conf{"pause": "5ms"})
			w.def.StopTimeout = 4 * time.Second
			tt.hang(t, w)
			stop, ended := w.start(t, w.settings())
			tt.at(t, w)
			signalled := time.Now()
			stop()
			err := <-ended
			if took := time.Since(signalled); took > w.def.StopTimeout {
				t.Errorf("the stop took %v", took)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			for _, name := range []string{"source", "transform", "a"} {
				for _, pid := range pids(w.dir, name) {
					if lives(pid) {
						t.Errorf("%s lives on", name)
					}
				}
			}
		})
	}
}

func nothing(*testing.T, *world) {}

// mute has a plugin that never takes up contact.
func mute(name string) func(t *testing.T, w *world) {
	return func(t *testing.T, w *world) {
		t.Helper()
		script := "#!/bin/sh\necho $$ >> " + filepath.Join(w.dir, name+".pids") + "\nsleep 1000\n"
		if err := os.WriteFile(filepath.Join(w.dir, "mute"), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
		if name == "source" {
			w.def.Source.Plugin = "mute"
		} else {
			w.def.Sinks[0].Plugin = "mute"
		}
	}
}

func hangs(name, call string) func(t *testing.T, w *world) {
	return func(t *testing.T, w *world) {
		t.Helper()
		w.fail(t, name, conf{"hang": call})
		if name == "source" {
			w.def.Source = w.stage(t, "test-source", conf{"pause": "5ms", "common": w.common(conf{"hang": call})})
		} else {
			w.def.Source = w.stage(t, "test-source", w.with(conf{"pause": "5ms"}))
		}
	}
}

func begun(names ...string) func(t *testing.T, w *world) {
	return func(t *testing.T, w *world) {
		t.Helper()
		for _, name := range names {
			eventually(t, name+" begins", func() bool { return len(pids(w.dir, name)) > 0 })
		}
		time.Sleep(300 * time.Millisecond) // the others are open, and batches on their way
	}
}

func flowing(t *testing.T, w *world) { t.Helper(); w.await(t, 50) }

func halted(name string) func(t *testing.T, w *world) {
	return func(t *testing.T, w *world) {
		t.Helper()
		w.await(t, 50)
		w.signal(t, name, syscall.SIGSTOP)
		eventually(t, name+" halts", func() bool { return state(pids(w.dir, name)[0]) == "T" })
		time.Sleep(50 * time.Millisecond)
	}
}
