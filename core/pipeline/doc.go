// Package pipeline reads pipeline files: YAML that says which source feeds which
// transform and which sinks.
//
// It expands references to the environment and to files, checks everything that
// the host knows and reports all faults at once, each with file, line, key and
// cure. What stands under a plugin's config key is the plugin's own: it is handed
// on as JSON, and File.Locate finds the line of what the plugin reports about it.
// The package starts nothing and looks for no plugin.
//
// Start reading at Load and Definition; docs/configuration.md is for users.
package pipeline
