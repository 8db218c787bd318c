package profile_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/leat-io/leat/sdk/profile"
)

// A process has one CPU profile: these tests must not run beside each other.

func TestStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	stop, err := profile.Start(dir, "shop.source")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a second one is refused", func(t *testing.T) {
		if _, err := profile.Start(dir, "other"); err == nil {
			t.Error("two CPU profiles at a time")
		}
	})
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"shop.source.cpu.pprof", "shop.source.allocs.pprof"} {
		if !isProfile(t, filepath.Join(dir, name)) {
			t.Errorf("%s is not a profile", name)
		}
	}
	t.Run("another after the first", func(t *testing.T) {
		stop, err := profile.Start(dir, "again")
		if err != nil {
			t.Fatal(err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestStartFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Start(filepath.Join(file, "dir"), "x"); err == nil {
		t.Error("a folder was made below a file")
	}
}

// isProfile tells whether a file holds a compressed message of the profile
// format, which names its units.
func isProfile(t *testing.T, path string) bool {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(b, []byte("nanoseconds")) || bytes.Contains(b, []byte("alloc_space"))
}
