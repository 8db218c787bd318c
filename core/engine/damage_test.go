package engine_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
)

func TestADamagedCheckpointEndsItsPipelineAlone(t *testing.T) {
	t.Parallel()
	damages := map[string]func(raw []byte) []byte{
		"empty":     func([]byte) []byte { return nil },
		"truncated": func(raw []byte) []byte { return raw[:5000] },
		"zeroed":    func(raw []byte) []byte { clear(raw[8000:]); return raw },
		"a bit":     func(raw []byte) []byte { raw[3*4096+20] ^= 1; return raw },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sick, well := newWorld(t, conf{"count": 500}), newWorld(t, conf{"count": 3000})
			sick.def.Name, well.def.Name = "sick", "well"
			if err := sick.run(t); err != nil {
				t.Fatal(err)
			}
			path := checkpoint.Path(sick.def.Checkpoint.Dir, "sick")
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(raw), 0o600); err != nil {
				t.Fatal(err)
			}
			sick.def.Source = sick.stage(t, "test-source", sick.with(conf{"count": 1000}))
			starts := len(pids(sick.dir, "source"))

			log := &logged{}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			err = engine.Run(ctx, []*pipeline.Definition{&sick.def, &well.def}, engine.Settings{
				PluginDirs: []string{well.dir}, Logger: slog.New(slog.NewTextHandler(log, nil)),
			})
			if !errors.Is(err, checkpoint.ErrDamaged) || strings.Contains(err.Error(), "well") {
				t.Errorf("got %v", err)
			}
			for _, want := range []string{path, "leat checkpoint restore FILE"} {
				if !strings.Contains(log.text(), want) {
					t.Errorf("the log has no %q:\n%s", want, log.text())
				}
			}
			well.complete(t, "a", 3000)
			if got := len(pids(sick.dir, "source")); got != starts {
				t.Error("the source was started without a checkpoint")
			}

			if _, err := checkpoint.Restore(sick.def.Checkpoint.Dir, "sick", slog.New(slog.DiscardHandler)); err != nil {
				t.Fatal(err)
			}
			if err := sick.run(t); err != nil {
				t.Fatal(err)
			}
			sick.complete(t, "a", 1000) // nothing is missing, some came again
		})
	}
}

// The state belongs to the position: the source of these tests refuses one without.
func TestTheCheckpointBeforeRepeatsAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 2000, "pause": "200us"})
	w.sink(t, "b", conf{"pause": "1ms"})
	if err := w.run(t); err != nil {
		t.Fatal(err)
	}
	path := checkpoint.Path(w.def.Checkpoint.Dir, "test")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end := len(strings.TrimRight(string(raw), "\x00"))
	raw[end-1] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	w.def.Source = w.stage(t, "test-source", w.with(conf{"count": 2500}))
	log := &logged{}
	_, ended := w.start(t, engine.Settings{PluginDirs: []string{w.dir}, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.complete(t, "a", 2500)
	w.complete(t, "b", 2500)
	if !strings.Contains(log.text(), "the one before it is used") || !strings.Contains(log.text(), filepath.Base(path)) {
		t.Errorf("the log is\n%s", log.text())
	}
}
