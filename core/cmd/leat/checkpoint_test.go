package main

import (
	"log/slog"
	"path/filepath"
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
