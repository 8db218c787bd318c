package checkpoint_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/checkpoint"
)

func TestStoreErrors(t *testing.T) {
	t.Parallel()
	t.Run("ErrLocked", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := open(t, dir)
		save(t, s, "kafka", at("1"))
		for name, use := range map[string]func() error{
			"Open":         func() error { _, err := checkpoint.Open(dir, "p", quiet); return err },
			"OpenReadOnly": func() error { _, err := checkpoint.OpenReadOnly(dir, "p", quiet); return err },
			"Restore":      func() error { _, err := checkpoint.Restore(dir, "p", quiet); return err },
			"Remove":       func() error { return checkpoint.Remove(dir, "p") },
		} {
			if err := use(); !errors.Is(err, checkpoint.ErrLocked) || !strings.Contains(err.Error(), checkpoint.Path(dir, "p")) {
				t.Errorf("%s: %v", name, err)
			}
		}
		save(t, s, "kafka", at("2")) // the one that has it is not disturbed
		s.Close()
		if c := open(t, dir).Load("kafka"); string(c.Position) != "2" {
			t.Errorf("position %s", c.Position)
		}
	})
	t.Run("two may look at once, and nobody writes meanwhile", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := open(t, dir)
		s.Close()
		for range 2 {
			look, err := checkpoint.OpenReadOnly(dir, "p", quiet)
			if err != nil {
				t.Fatal(err)
			}
			defer look.Close()
			if err := look.Save(map[string]checkpoint.Move{"kafka": at("1")}, now); err == nil {
				t.Error("saved in a store to look at")
			}
			if err := look.Delete("kafka"); err == nil {
				t.Error("deleted in a store to look at")
			}
		}
		if _, err := checkpoint.Open(dir, "p", quiet); !errors.Is(err, checkpoint.ErrLocked) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a store that is closed writes no more", func(t *testing.T) {
		t.Parallel()
		s := open(t, t.TempDir())
		s.Close()
		if err := s.Save(map[string]checkpoint.Move{"kafka": at("1")}, now); err == nil {
			t.Error("saved")
		}
	})
	t.Run("ErrNone", func(t *testing.T) {
		t.Parallel()
		for _, dir := range []string{t.TempDir(), t.TempDir() + "/none"} {
			if _, err := checkpoint.OpenReadOnly(dir, "p", quiet); !errors.Is(err, checkpoint.ErrNone) {
				t.Errorf("got %v", err)
			}
			if err := checkpoint.Remove(dir, "p"); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("ErrNewer", func(t *testing.T) {
		t.Parallel()
		h := newHistory(t)
		binary.BigEndian.PutUint32(h.raw[8:], 2)
		if got := h.proves(t, h.raw); got != "refused" {
			t.Fatal(got)
		}
		if _, _, err := checkpoint.Read(h.raw); errors.Is(err, checkpoint.ErrNewer) {
			t.Error("a damaged version is taken for a newer one")
		}
		binary.BigEndian.PutUint32(h.raw[12:], crc32.Checksum(h.raw[:12], crc32.MakeTable(crc32.Castagnoli)))
		dir := put(t, h.raw[:64])
		_, err := checkpoint.Open(dir, "p", quiet)
		if !errors.Is(err, checkpoint.ErrNewer) || errors.Is(err, checkpoint.ErrDamaged) || !strings.Contains(err.Error(), checkpoint.Path(dir, "p")) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a folder that cannot be", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(dir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := checkpoint.Open(dir, "p", quiet); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a file that cannot be read", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := os.Mkdir(checkpoint.Path(dir, "p"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := checkpoint.Open(dir, "p", quiet); err == nil || errors.Is(err, checkpoint.ErrDamaged) || errors.Is(err, checkpoint.ErrNone) {
			t.Errorf("got %v", err)
		}
	})
}

func TestRestore(t *testing.T) {
	t.Parallel()
	// two sinks, of which the copy has what was when the second began
	stored := func(t *testing.T) string {
		dir := t.TempDir()
		s := open(t, dir)
		save(t, s, "kafka", at("1"))
		save(t, s, "kafka", at("2"))
		save(t, s, "bq", at("2"))
		save(t, s, "kafka", at("3"))
		s.Close()
		return dir
	}
	for name, spoil := range map[string]func(t *testing.T, path string){
		"a damaged file": func(t *testing.T, path string) { damage(t, filepath.Dir(path)) },
		"an empty file": func(t *testing.T, path string) {
			if err := os.Truncate(path, 0); err != nil {
				t.Fatal(err)
			}
		},
		"a file that is gone": func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := stored(t)
			path := checkpoint.Path(dir, "p")
			spoil(t, path)
			_, err := checkpoint.Open(dir, "p", quiet)
			if !errors.Is(err, checkpoint.ErrDamaged) || !strings.Contains(err.Error(), "leat checkpoint restore") {
				t.Fatalf("got %v", err)
			}
			kept, err := checkpoint.Restore(dir, "p", quiet)
			if err != nil {
				t.Fatal(err)
			}
			want := &checkpoint.Kept{Path: path + ".before", Updated: now, Sinks: []string{"bq", "kafka"}}
			if d := cmp.Diff(want, kept); d != "" {
				t.Error(d)
			}
			s := open(t, dir)
			if got := string(s.Load("kafka").Position) + string(s.Load("bq").Position); got != "22" {
				t.Errorf("positions %s", got)
			}
		})
	}
	t.Run("ErrWhole", func(t *testing.T) {
		t.Parallel()
		dir := stored(t)
		if _, err := checkpoint.Restore(dir, "p", quiet); !errors.Is(err, checkpoint.ErrWhole) {
			t.Errorf("got %v", err)
		}
		if got := open(t, dir).Load("kafka").Position; string(got) != "3" {
			t.Errorf("position %s", got)
		}
	})
	t.Run("a copy that is damaged too is not offered", func(t *testing.T) {
		t.Parallel()
		dir := stored(t)
		damage(t, dir)
		raw, err := os.ReadFile(checkpoint.Path(dir, "p") + ".before")
		if err != nil {
			t.Fatal(err)
		}
		for at := range raw {
			if raw[at] == 0 || (at > 3*4096 && at%5 != 0) {
				continue
			}
			raw[at] ^= 4
			if err := os.WriteFile(checkpoint.Path(dir, "p")+".before", raw, 0o600); err != nil {
				t.Fatal(err)
			}
			raw[at] ^= 4
			var d *checkpoint.Damage
			if _, err := checkpoint.OpenReadOnly(dir, "p", quiet); !errors.As(err, &d) || (d.Kept != nil && (at < 4096 || at >= 3*4096)) {
				t.Fatalf("byte %d: %v", at, err)
			}
		}
	})
	t.Run("a file that is gone with its copy is no checkpoint", func(t *testing.T) {
		t.Parallel()
		dir := stored(t)
		if err := checkpoint.Remove(dir, "p"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(checkpoint.Path(dir, "p") + ".before"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if s := open(t, dir); len(s.Sinks()) != 0 {
			t.Errorf("sinks %v", s.Sinks())
		}
	})
}

func TestAHalfMadeFileIsNotLookedAt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	save(t, s, "kafka", at("1"))
	s.Close()
	if err := os.WriteFile(checkpoint.Path(dir, "p")+".new", bytes.Repeat([]byte("x"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := open(t, dir).Load("kafka").Position; string(got) != "1" {
		t.Errorf("position %s", got)
	}
}
