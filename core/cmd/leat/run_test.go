package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/flow"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/core/supervisor"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestRunHandsThePipelinesToTheEngine(t *testing.T) {
	b := newBench(t)
	var defs []*pipeline.Definition
	var settings engine.Settings
	b.run = func(_ context.Context, d []*pipeline.Definition, s engine.Settings) error {
		defs, settings = d, s
		return nil
	}
	path := writeFile(t, inventory)
	if code := b.execute([]string{"run", path, "--plugin-dir", "/p,/q", "--listen", ""}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	if len(defs) != 1 || defs[0].Name != "inventory" || settings.Listen != "" || len(settings.PluginDirs) != 2 || settings.Logger == nil {
		t.Errorf("got %+v with %+v", defs, settings)
	}
	if code := b.execute([]string{"run", path}); code != exitOK || settings.Listen != defaultListen {
		t.Errorf("exit code %d, listens at %q", code, settings.Listen)
	}
}

func TestRunExitCodes(t *testing.T) {
	tests := map[string]struct {
		err  error
		want int
	}{
		"drained":                       {nil, exitOK},
		"a pipeline failed":             {errors.New("boom"), exitFailure},
		"a plugin missing":              {fmt.Errorf("pipeline p: %w: x", plugin.ErrNotFound), exitNotFound},
		"checkpoint in use":             {errors.Join(fmt.Errorf("pipeline p: %w", checkpoint.ErrLocked)), exitInUse},
		"cancelled by no one":           {context.Canceled, exitFailure},
		"crashes too often":             {fmt.Errorf("pipeline p: %w", supervisor.ErrBudget), exitFailure},
		"a person has to mend":          {fmt.Errorf("pipeline p: %w", flow.Permanent("no grant")), exitMend},
		"one of two to mend":            {errors.Join(errors.New("boom"), fmt.Errorf("pipeline p: %w", flow.Permanent("no grant"))), exitMend},
		"an outage is not for a person": {&flow.Failure{Message: "away", Kind: leatv1.FailureKind_FAILURE_KIND_TRANSIENT}, exitFailure},
		"another binary":                {fmt.Errorf("pipeline p: %w", plugin.ErrChecksum), exitMend},
		"checkpoint damaged":            {fmt.Errorf("pipeline p: %w", checkpoint.ErrDamaged), exitDamaged},
		"drain cut short":               {fmt.Errorf("pipeline p: %w", engine.ErrCutShort), exitCutShort},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error { return tt.err }
			if code := b.execute([]string{"run", writeFile(t, inventory)}); code != tt.want {
				t.Errorf("exit code %d, want %d: %s", code, tt.want, b.err)
			}
		})
	}
}

func TestRunStartsNothingIfOneFileIsInvalid(t *testing.T) {
	b := newBench(t)
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error {
		t.Error("started")
		return nil
	}
	bad := writeFile(t, strings.Replace(inventory, "kafka-sink", "kafka/sink", 1))
	if code := b.execute([]string{"run", writeFile(t, inventory), bad}); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if want := bad + ":9:5: sinks.kafka.plugin: is "; !strings.Contains(b.err.String(), want) {
		t.Errorf("got %q, want %q", b.err, want)
	}
}

func TestRunStartsNothingIfAPluginDoesNotUseAVariable(t *testing.T) {
	b := newBench(t)
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error {
		t.Error("started")
		return nil
	}
	path := writeFile(t, inventory+"    env: [FOO]\n")
	if code := b.execute([]string{"run", path}); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if want := path + ":10:11: sinks.kafka.env[0]: lists FOO, which kafka-sink does not use"; !strings.Contains(b.err.String(), want) {
		t.Errorf("got %q, want %q", b.err, want)
	}
}

// The signals reach this whole process, so the test does not run in parallel.
func TestRunDrainsAtTheFirstSignalAndEndsAtTheSecond(t *testing.T) {
	for name, tt := range map[string]struct {
		signal syscall.Signal
		want   int
	}{
		"SIGINT":  {syscall.SIGINT, 130},
		"SIGTERM": {syscall.SIGTERM, 143},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			exited := make(chan int, 1)
			b.exit = func(code int) { exited <- code }
			b.run = func(ctx context.Context, _ []*pipeline.Definition, _ engine.Settings) error {
				raise(t, tt.signal)
				within(t, ctx.Done())
				raise(t, tt.signal)
				if code := <-exited; code != tt.want {
					t.Errorf("ended with %d, want %d", code, tt.want)
				}
				return nil
			}
			if code := b.execute([]string{"run", writeFile(t, inventory)}); code != exitOK {
				t.Errorf("drained with %d, want 0", code)
			}
		})
	}
}

func TestACommandOtherThanRunEndsWithTheSignal(t *testing.T) {
	b := newBench(t)
	var once sync.Once // all stages are started, side by side
	b.start = func(ctx context.Context, _ []string, _ plugin.Settings) (process, error) {
		once.Do(func() { raise(t, syscall.SIGTERM) })
		within(t, ctx.Done())
		return nil, ctx.Err()
	}
	if code := b.execute([]string{"validate", writeFile(t, inventory)}); code != 143 {
		t.Errorf("exit code %d, want 143", code)
	}
}

func raise(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(syscall.Getpid(), s); err != nil {
		t.Fatal(err)
	}
}

func within(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("not cancelled within 10 s")
	}
}

func TestRunWritesEveryLineOfTheLogAsJSON(t *testing.T) {
	b := newBench(t)
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error { return errors.New("boom\nbang") }
	if code := b.execute([]string{"run", "--log-format", "json", writeFile(t, inventory)}); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	for line := range strings.Lines(b.err.String()) {
		var entry struct{ Error string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Error != "boom\nbang" {
			t.Errorf("%v: %q", err, line)
		}
	}
}
