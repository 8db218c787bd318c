package checkpoint_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/checkpoint"
	"github.com/leat-io/leat/core/ledger"
)

var (
	quiet = slog.New(slog.DiscardHandler)
	now   = time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
)

// logTo returns a logger that a test reads.
func logTo(b *bytes.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

func open(t *testing.T, dir string) *checkpoint.Store {
	t.Helper()
	s, err := checkpoint.Open(dir, "p", quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func save(t *testing.T, s *checkpoint.Store, sink string, m checkpoint.Move) {
	t.Helper()
	if err := s.Save(map[string]checkpoint.Move{sink: m}, now); err != nil {
		t.Fatal(err)
	}
}

func set(k, v string) ledger.StateChange { return ledger.StateChange{Key: k, Value: []byte(v)} }

// at is a move to a position without a change of state.
func at(position string) checkpoint.Move { return checkpoint.Move{Position: []byte(position)} }

func TestStore(t *testing.T) {
	t.Parallel()
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := open(t, dir)
		if c := s.Load("kafka"); c != nil {
			t.Fatalf("before any save: %v", c)
		}
		save(t, s, "kafka", checkpoint.Move{Position: []byte("1"), State: []ledger.StateChange{set("a", "x"), set("b", "")}})
		save(t, s, "kafka", checkpoint.Move{Position: []byte("2"), State: []ledger.StateChange{{Key: "a"}, set("c", "z")}})
		save(t, s, "bq", at("3"))
		save(t, s, "bq", at("4"))
		want := map[string]*checkpoint.Checkpoint{
			"kafka": {Position: []byte("2"), State: map[string][]byte{"b": {}, "c": []byte("z")}, Updated: now},
			"bq":    {Position: []byte("4"), State: map[string][]byte{}, Updated: now},
		}
		for range 2 { // as it was opened, and opened again
			if d := cmp.Diff(want, loadAll(s)); d != "" {
				t.Error(d)
			}
			s.Close()
			s = open(t, dir)
		}
		if d := cmp.Diff([]string{"bq", "kafka"}, s.Sinks()); d != "" || s.FellBack() != "" {
			t.Error(d, s.FellBack())
		}
	})
	t.Run("more saves than the file has room for", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := open(t, dir)
		save(t, s, "kafka", checkpoint.Move{Position: []byte("0"), State: []ledger.StateChange{set("table", "definition")}})
		first := size(t, dir)
		long := bytes.Repeat([]byte("x"), 100_000)
		for i := range 50 {
			save(t, s, "kafka", checkpoint.Move{Position: []byte(strconv.Itoa(i)), State: []ledger.StateChange{{Key: "long", Value: long}}})
		}
		if got := size(t, dir); got > first+300_000 {
			t.Errorf("the file grew from %d to %d bytes", first, got)
		}
		s.Close()
		want := map[string]*checkpoint.Checkpoint{
			"kafka": {Position: []byte("49"), State: map[string][]byte{"long": long, "table": []byte("definition")}, Updated: now},
		}
		if d := cmp.Diff(want, loadAll(open(t, dir))); d != "" {
			t.Error(d)
		}
	})
	t.Run("what is loaded does not change by later saves", func(t *testing.T) {
		t.Parallel()
		s := open(t, t.TempDir())
		position := []byte("1")
		save(t, s, "kafka", checkpoint.Move{Position: position, State: []ledger.StateChange{set("a", "x")}})
		position[0] = '9' // the caller may use its bytes again
		c := s.Load("kafka")
		save(t, s, "kafka", checkpoint.Move{Position: []byte("2"), State: []ledger.StateChange{{Key: "a"}}})
		if string(c.Position) != "1" || string(c.State["a"]) != "x" {
			t.Errorf("changed to %s, %s", c.Position, c.State)
		}
	})
	t.Run("a deleted sink begins anew, and is not in the copy either", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := open(t, dir)
		save(t, s, "kafka", at("1"))
		save(t, s, "bq", at("1"))
		for range 2 {
			if err := s.Delete("kafka"); err != nil {
				t.Fatal(err)
			}
		}
		if c := s.Load("kafka"); c != nil {
			t.Errorf("after delete: %v", c)
		}
		s.Close()
		damage(t, dir)
		var d *checkpoint.Damage
		if _, err := checkpoint.Open(dir, "p", quiet); !errors.As(err, &d) {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"bq"}, d.Kept.Sinks); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("files and folder are private", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir() + "/new"
		save(t, open(t, dir), "kafka", at("1"))
		path := checkpoint.Path(dir, "p")
		for path, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + ".before": 0o600, path + ".lock": 0o600} {
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

func loadAll(s *checkpoint.Store) map[string]*checkpoint.Checkpoint {
	all := map[string]*checkpoint.Checkpoint{}
	for _, sink := range s.Sinks() {
		all[sink] = s.Load(sink)
	}
	return all
}

func size(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(checkpoint.Path(dir, "p"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// damage makes nothing of a file's first record.
func damage(t *testing.T, dir string) {
	t.Helper()
	path := checkpoint.Path(dir, "p")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[3*4096+20] ^= 0xff
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
