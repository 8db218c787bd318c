// Package plugin runs one process of a plugin: it finds the binary, starts it
// over go-plugin, calls its control plane and accepts its data socket. It does
// not restart anything. Start reading at Process.
package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNotFound means that no plugin folder has the binary.
var ErrNotFound = errors.New("plugin not found")

// Find returns the path of the binary of a plugin in the first folder that has it.
func Find(dirs []string, name string) (string, error) {
	if name == "" || filepath.Base(name) != name {
		return "", fmt.Errorf("%w: %q is not the name of a plugin", ErrNotFound, name)
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, name)
		if executable(path) {
			return filepath.Abs(path)
		}
	}
	return "", fmt.Errorf("%w: %s is in none of %s; set --plugin-dir to the folder that has it",
		ErrNotFound, name, strings.Join(dirs, ", "))
}

// List returns the names of all plugins in the folders, sorted. A folder that
// does not exist has none.
func List(dirs []string) ([]string, error) {
	var names []string
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("read plugin folder: %w", err)
		}
		for _, e := range entries {
			if executable(filepath.Join(dir, e.Name())) {
				names = append(names, e.Name())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
