package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk"
)

// stored writes a pipeline file and checkpoints of two sinks.
func stored(t *testing.T) string {
	t.Helper()
	path := writeFile(t, inventory)
	store, err := checkpoint.Open(filepath.Join(filepath.Dir(path), "checkpoints"), "inventory", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	position, err := sdk.Position{Base: []byte("uuid:1-7"), Skip: 3}.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Save(map[string]checkpoint.Move{
		"kafka": {Position: position, State: []ledger.StateChange{{Key: "tables", Value: []byte("1234")}}},
		"old":   {Position: []byte{0, 0xff}},
	}, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheckpointShow(t *testing.T) {
	path := stored(t)
	tests := map[string]struct {
		args []string
		want string
	}{
		"all": {nil, `sink                 kafka
updated              2026-01-02T03:04:05Z
position             uuid:1-7
rows done behind it  3
state tables         4 bytes

sink                 old
updated              2026-01-02T03:04:05Z
position             00ff
rows done behind it  0
`},
		"one, as JSON": {[]string{"kafka", "--json"}, `[
  {
    "pipeline": "inventory",
    "sink": "kafka",
    "updated": "2026-01-02T03:04:05Z",
    "position": "uuid:1-7",
    "skip": 3,
    "state_bytes": {
      "tables": 4
    }
  }
]
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if code := b.execute(append([]string{"checkpoint", "show", path}, tt.args...)); code != exitOK {
				t.Errorf("exit code %d: %s", code, b.err)
			}
			if diff := cmp.Diff(tt.want, b.out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckpointDelete(t *testing.T) {
	path := stored(t)
	b := newBench(t)
	if code := b.execute([]string{"checkpoint", "delete", path, "old"}); code != exitOK {
		t.Errorf("exit code %d: %s", code, b.err)
	}
	if code := b.execute([]string{"checkpoint", "delete", path, "old"}); code != exitNotFound {
		t.Errorf("exit code %d, want that there is none", code)
	}
	if code := b.execute([]string{"checkpoint", "delete", path, "--json"}); code != exitOK {
		t.Errorf("exit code %d: %s", code, b.err)
	}
	want := "deleted checkpoint of sink old in pipeline inventory\n{\n  \"deleted\": [\n    \"kafka\"\n  ],\n  \"pipeline\": \"inventory\"\n}\n"
	if diff := cmp.Diff(want, b.out.String()); diff != "" {
		t.Error(diff)
	}
	wantErr := "no checkpoint yet of sink \"old\" in pipeline inventory; those that have one: [\"kafka\"]\n"
	if diff := cmp.Diff(wantErr, b.err.String()); diff != "" {
		t.Error(diff)
	}
}

func TestCheckpointOfAPipelineThatNeverRan(t *testing.T) {
	path := writeFile(t, inventory)
	for _, command := range []string{"show", "delete"} {
		b := newBench(t)
		if code := b.execute([]string{"checkpoint", command, path}); code != exitNotFound {
			t.Errorf("%s: exit code %d", command, code)
		}
	}
	if made, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "checkpoints", "*")); len(made) > 0 {
		t.Errorf("made %v", made)
	}
}

func TestCheckpointOfAPipelineThatRuns(t *testing.T) {
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
	for _, command := range []string{"show", "delete"} {
		b := newBench(t)
		if code := b.execute([]string{"checkpoint", command, path}); code != exitInUse {
			t.Errorf("%s: exit code %d: %s", command, code, b.err)
		}
	}
}

// spoilt damages the file of stored.
func spoilt(t *testing.T) (definition, file string) {
	t.Helper()
	definition = stored(t)
	file = checkpoint.Path(filepath.Join(filepath.Dir(definition), "checkpoints"), "inventory")
	if err := os.WriteFile(file, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	return definition, file
}

func TestDamagedCheckpoint(t *testing.T) {
	execute := func(t *testing.T, want int, args ...string) *bench {
		t.Helper()
		b := newBench(t)
		if code := b.execute(append([]string{"checkpoint"}, args...)); code != want {
			t.Errorf("%v: exit code %d, want %d: %s", args, code, want, b.err)
		}
		return b
	}
	t.Run("show names the file and a cure", func(t *testing.T) {
		path, file := spoilt(t)
		b := execute(t, exitDamaged, "show", path)
		if said := b.err.String(); !strings.Contains(said, file) || !strings.Contains(said, "leat checkpoint restore FILE") || b.out.String() != "" {
			t.Errorf("said %s", said)
		}
	})
	t.Run("delete of one sink is refused", func(t *testing.T) {
		path, file := spoilt(t)
		b := execute(t, exitDamaged, "delete", path, "kafka")
		if !strings.Contains(b.err.String(), file) {
			t.Errorf("said %s", b.err)
		}
		execute(t, exitDamaged, "show", path)
	})
	t.Run("delete of all removes the file", func(t *testing.T) {
		path, file := spoilt(t)
		b := execute(t, exitOK, "delete", path)
		want := "deleted damaged checkpoint file " + file + ": all sinks of pipeline inventory begin anew\n"
		if diff := cmp.Diff(want, b.out.String()); diff != "" {
			t.Error(diff)
		}
		execute(t, exitNotFound, "show", path)
	})
	t.Run("delete of all, as JSON", func(t *testing.T) {
		path, _ := spoilt(t)
		b := execute(t, exitOK, "delete", path, "--json")
		if !strings.Contains(b.out.String(), `"kafka"`) {
			t.Errorf("printed %s", b.out)
		}
	})
	t.Run("restore goes back to the copy", func(t *testing.T) {
		path, _ := spoilt(t)
		b := execute(t, exitOK, "restore", path)
		want := "restored checkpoint of sink kafka in pipeline inventory, as of 2026-01-02T03:04:05Z\n" +
			"restored checkpoint of sink old in pipeline inventory, as of 2026-01-02T03:04:05Z\n"
		if diff := cmp.Diff(want, b.out.String()); diff != "" {
			t.Error(diff)
		}
		if out := execute(t, exitOK, "show", path).out.String(); !strings.Contains(out, "uuid:1-7") {
			t.Errorf("shown %s", out)
		}
		execute(t, exitFailure, "restore", path) // it is whole now
	})
	t.Run("restore without a copy", func(t *testing.T) {
		path, file := spoilt(t)
		if err := os.Remove(file + ".before"); err != nil {
			t.Fatal(err)
		}
		b := execute(t, exitDamaged, "restore", path)
		if !strings.Contains(b.err.String(), "no older copy is kept") {
			t.Errorf("said %s", b.err)
		}
		execute(t, exitOK, "delete", path)
		execute(t, exitNotFound, "restore", path)
	})
	t.Run("show says when it may not be the newest", func(t *testing.T) {
		path := stored(t)
		file := checkpoint.Path(filepath.Join(filepath.Dir(path), "checkpoints"), "inventory")
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doubts := 0
		for _, mark := range []int{4096, 8192} {
			spoilt := bytes.Clone(raw)
			clear(spoilt[mark : mark+4096])
			if err := os.WriteFile(file, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			b := execute(t, exitOK, "show", path)
			if strings.Contains(b.out.String(), "maybe not the newest") && strings.Contains(execute(t, exitOK, "show", path, "--json").out.String(), `"fell_back"`) {
				doubts++
			}
		}
		if doubts != 1 {
			t.Errorf("%d of two marks leave a doubt, want that of the record to come", doubts)
		}
	})
}
