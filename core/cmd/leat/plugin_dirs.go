package main

import "path/filepath"

const (
	pluginDirVariable = "LEAT_PLUGIN_DIR"
	systemPluginDir   = "/usr/local/lib/leat/plugins"
)

// defaultPluginDirs returns the folders that count without --plugin-dir.
func defaultPluginDirs(getenv func(string) string, executable func() (string, error)) []string {
	if dirs := filepath.SplitList(getenv(pluginDirVariable)); len(dirs) > 0 {
		return dirs
	}
	self, err := executable()
	if err != nil {
		return []string{systemPluginDir}
	}
	if resolved, err := filepath.EvalSymlinks(self); err == nil {
		self = resolved
	}
	return []string{filepath.Join(filepath.Dir(self), "plugins"), systemPluginDir}
}
