package checkpoint_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
)

func open(t *testing.T, dir string) *checkpoint.Store {
	t.Helper()
	s, err := checkpoint.Open(dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	set := func(k, v string) ledger.StateChange { return ledger.StateChange{Key: k, Value: []byte(v)} }

	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := open(t, dir)
		if c, err := s.Load("kafka"); c != nil || err != nil {
			t.Fatalf("before any save: %v, %v", c, err)
		}
		save(t, s, "kafka", checkpoint.Move{Position: []byte("1"), State: []ledger.StateChange{set("a", "x"), set("b", "")}}, now)
		save(t, s, "kafka", checkpoint.Move{Position: []byte("2"), State: []ledger.StateChange{{Key: "a"}, set("c", "z")}}, now)
		save(t, s, "bq", checkpoint.Move{Position: []byte("3")}, now)
		s.Close()

		s = open(t, dir)
		got, err := s.Load("kafka")
		if err != nil {
			t.Fatal(err)
		}
		want := &checkpoint.Checkpoint{Position: []byte("2"), State: map[string][]byte{"b": {}, "c": []byte("z")}, Updated: now}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		names, err := s.Sinks()
		if d := cmp.Diff([]string{"bq", "kafka"}, names); d != "" || err != nil {
			t.Error(d, err)
		}
	})
	t.Run("a deleted sink begins anew", func(t *testing.T) {
		t.Parallel()
		s := open(t, t.TempDir())
		save(t, s, "kafka", checkpoint.Move{Position: []byte("1")}, now)
		for range 2 {
			if err := s.Delete("kafka"); err != nil {
				t.Fatal(err)
			}
		}
		if c, err := s.Load("kafka"); c != nil || err != nil {
			t.Errorf("after delete: %v, %v", c, err)
		}
	})
	t.Run("file and folder are private", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir() + "/new"
		open(t, dir)
		for path, want := range map[string]os.FileMode{dir: 0o700, checkpoint.Path(dir, "p"): 0o600} {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != want {
				t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
			}
		}
	})
}

func save(t *testing.T, s *checkpoint.Store, sink string, m checkpoint.Move, now time.Time) {
	t.Helper()
	if err := s.Save(map[string]checkpoint.Move{sink: m}, now); err != nil {
		t.Fatal(err)
	}
}

func TestStoreErrors(t *testing.T) {
	t.Parallel()
	t.Run("ErrLocked", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		open(t, dir)
		if _, err := checkpoint.Open(dir, "p"); !errors.Is(err, checkpoint.ErrLocked) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ErrNone", func(t *testing.T) {
		t.Parallel()
		if _, err := checkpoint.OpenReadOnly(t.TempDir(), "p"); !errors.Is(err, checkpoint.ErrNone) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a damaged file", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := os.WriteFile(checkpoint.Path(dir, "p"), make([]byte, 8192), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := checkpoint.Open(dir, "p"); err == nil {
			t.Error("want an error")
		}
	})
}
