package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func folder(t *testing.T, files map[string]os.FileMode) string {
	t.Helper()
	dir := t.TempDir()
	for name, mode := range files {
		if err := os.WriteFile(filepath.Join(dir, name), nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	t.Parallel()
	first := folder(t, map[string]os.FileMode{"a": 0o700, "notes": 0o600})
	second := folder(t, map[string]os.FileMode{"a": 0o700, "b": 0o700})
	dirs := []string{first, second, "/no/such/folder"}
	for name, want := range map[string]string{"a": first, "b": second} {
		if got, err := Find(dirs, name); err != nil || got != filepath.Join(want, name) {
			t.Errorf("%s: got %s, error %v", name, got, err)
		}
	}
	for _, name := range []string{"", "c", "notes", "../" + filepath.Base(first) + "/a", first + "/a"} {
		t.Run("ErrNotFound: "+filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			if got, err := Find(dirs, name); !errors.Is(err, ErrNotFound) {
				t.Errorf("got %s, error %v", got, err)
			}
		})
	}
	names, err := List(dirs)
	if diff := cmp.Diff([]string{"a", "b"}, names); err != nil || diff != "" {
		t.Errorf("error %v:\n%s", err, diff)
	}
}
