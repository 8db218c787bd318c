package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/sdk"
)

// resumed is what the source is to be told of stored: not of a sink that the file
// has no more.
func resumed(t *testing.T) []plugin.Sink {
	t.Helper()
	position, err := sdk.Position{Base: []byte("uuid:1-7"), Skip: 3}.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return []plugin.Sink{{Name: "kafka", Checkpoint: &ledger.Checkpoint{Position: position, State: map[string][]byte{"tables": []byte("1234")}}}}
}

// listing returns what stands in the folder of the checkpoints.
func listing(t *testing.T, definition string) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(definition), "checkpoints*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, filepath.Dir(definition)) {
		raw, _ := os.ReadFile(f) // a folder has its name alone
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		all[f] = info.ModTime().String() + string(raw)
	}
	return all
}

// validated runs validate, which must leave the checkpoints as they are.
func validated(t *testing.T, want int, definition string, flags ...string) *bench {
	t.Helper()
	b, before := newBench(t), listing(t, definition)
	if code := b.execute(append([]string{"validate", definition}, flags...)); code != want {
		t.Errorf("exit code %d, want %d: %s%s", code, want, b.out, b.err)
	}
	if diff := cmp.Diff(before, listing(t, definition)); diff != "" {
		t.Errorf("files were changed: %s", diff)
	}
	return b
}

func TestValidateTellsTheSourceWhereTheSinksResume(t *testing.T) {
	told := func(t *testing.T, b *bench, want []plugin.Sink) {
		t.Helper()
		if diff := cmp.Diff(want, b.plugins["mysql-source"].sinks); diff != "" {
			t.Errorf("the source was told (-want +got):\n%s", diff)
		}
		if sinks := b.plugins["kafka-sink"].sinks; sinks != nil {
			t.Errorf("the sink was told %v", sinks)
		}
		if b.out.String() != "0 ok, 0 warnings, 0 errors\n" || b.err.String() != "" {
			t.Errorf("printed %s%s", b.out, b.err)
		}
	}
	t.Run("of a pipeline that is stopped", func(t *testing.T) {
		told(t, validated(t, exitOK, stored(t)), resumed(t))
	})
	t.Run("of one that runs", func(t *testing.T) {
		path := stored(t)
		store, err := checkpoint.Open(filepath.Join(filepath.Dir(path), "checkpoints"), "inventory", slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
		told(t, validated(t, exitOK, path), resumed(t))
	})
	t.Run("not of one that never ran", func(t *testing.T) {
		told(t, validated(t, exitOK, writeFile(t, inventory)), nil)
	})
	t.Run("not without connections", func(t *testing.T) {
		told(t, validated(t, exitOK, stored(t), "--static"), nil)
		damaged, _ := spoilt(t)
		told(t, validated(t, exitOK, damaged, "--static"), nil)
	})
}

func TestValidateFindsWhatIsWrongWithTheCheckpointFile(t *testing.T) {
	t.Run("it is damaged", func(t *testing.T) {
		path, file := spoilt(t)
		b := validated(t, exitDamaged, path)
		said := b.out.String()
		for _, want := range []string{"error    " + path + ":1:1: checkpoint.dir: checkpoint file is damaged: " + file, "\n         \"leat checkpoint restore FILE\"", "0 ok, 0 warnings, 1 error\n"} {
			if !strings.Contains(said, want) {
				t.Errorf("printed %s; want %s", said, want)
			}
		}
		if p := b.plugins["mysql-source"]; !p.live || p.sinks != nil {
			t.Errorf("the source was asked live %t, with %v; want the other checks all the same", p.live, p.sinks)
		}
	})
	t.Run("it is gone and its copy is not", func(t *testing.T) {
		path := stored(t)
		if err := os.Remove(checkpoint.Path(filepath.Join(filepath.Dir(path), "checkpoints"), "inventory")); err != nil {
			t.Fatal(err)
		}
		if b := validated(t, exitDamaged, path); !strings.Contains(b.out.String(), "the file is gone") {
			t.Errorf("printed %s", b.out)
		}
	})
	t.Run("the folder is none", func(t *testing.T) {
		path := writeFile(t, inventory)
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "checkpoints"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if b := validated(t, exitFindings, path); !strings.Contains(b.out.String(), "read checkpoint file") {
			t.Errorf("printed %s", b.out)
		}
	})
	t.Run("the newest may be lost", func(t *testing.T) {
		path := stored(t)
		file := checkpoint.Path(filepath.Join(filepath.Dir(path), "checkpoints"), "inventory")
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		warnings := 0
		for _, mark := range []int{4096, 8192} { // that of the record to come, and the other
			torn := bytes.Clone(raw)
			clear(torn[mark : mark+4096])
			if err := os.WriteFile(file, torn, 0o600); err != nil {
				t.Fatal(err)
			}
			b := validated(t, exitOK, path)
			if strings.Contains(b.out.String(), "the newest checkpoint may be lost") {
				warnings++
			}
			if diff := cmp.Diff(resumed(t), b.plugins["mysql-source"].sinks); diff != "" {
				t.Error(diff)
			}
		}
		if warnings != 1 {
			t.Errorf("%d of two marks give a warning, want that of the record to come", warnings)
		}
	})
}
