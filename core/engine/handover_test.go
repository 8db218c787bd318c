package engine_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/engine"
)

// A leat that takes over from one that is about to end goes on soon after that has,
// although a pipeline that has failed is run anew much later.
func TestACheckpointInUseIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 500})
	w.def.Restart.RetryFailed = time.Hour
	before, err := checkpoint.Open(w.def.Checkpoint.Dir, w.def.Name, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	log := &logged{}
	_, ended := w.start(t, engine.Settings{PluginDirs: []string{w.dir}, Logger: slog.New(slog.NewTextHandler(log, nil))})
	eventually(t, "the log tells of it", func() bool {
		return strings.Contains(log.text(), "another leat runs this pipeline; stop it first") && strings.Contains(log.text(), "run_anew_in=4s")
	})
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	endsSoon(t, ended, 10*time.Second)
	w.complete(t, "a", 500)
}

func TestACheckpointInUseEndsARunThatWaitsForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, conf{"count": 500})
	w.def.Restart.RetryFailed = 0
	before, err := checkpoint.Open(w.def.Checkpoint.Dir, w.def.Name, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = before.Close() }()
	if err := w.run(t); !errors.Is(err, checkpoint.ErrLocked) {
		t.Errorf("got %v", err)
	}
}
