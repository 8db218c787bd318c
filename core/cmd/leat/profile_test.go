package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/sdk/profile"
)

func TestRunLeavesProfiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profiles")
	t.Setenv(profile.Env, dir)
	b := newBench(t)
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error { return nil }
	if code := b.execute([]string{"run", writeFile(t, inventory), "--listen", ""}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	for _, name := range []string{"leat.cpu.pprof", "leat.allocs.pprof"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, want a file that is not empty", name, err)
		}
	}
}

func TestProfiled(t *testing.T) {
	t.Run("what ran is told when the folder is good", func(t *testing.T) {
		cause := errors.New("cause")
		if err := profiled(t.TempDir(), func() error { return cause }); !errors.Is(err, cause) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("nothing runs when it is not", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		err := profiled(file, func() error { t.Error("ran"); return nil })
		if err == nil || !strings.Contains(err.Error(), profile.Env+"="+file) {
			t.Errorf("got %v, want the variable named", err)
		}
	})
}
