package sdk

import "context"

// Validator is a plugin that can check its configuration against the systems
// the configuration names. It is called on an instance that is not opened, and
// changes nothing in those systems.
type Validator interface {
	Validate(ctx context.Context) []Finding
}

// Severity of a finding.
type Severity int

// The severities.
const (
	OK Severity = iota + 1
	Warning
	Error
)

// String returns the severity as it is printed.
func (s Severity) String() string {
	switch s {
	case OK:
		return "ok"
	case Warning:
		return "warning"
	default:
		return "error"
	}
}

// Finding is the result of one check.
type Finding struct {
	Severity Severity
	// Check is the short name of what was checked: "binlog_format", "grants".
	Check string
	// Path is the configuration key that it is about, empty if none.
	Path string
	// Message says what was found, with names and values.
	Message string
	// Cure says what to do about it; empty for OK.
	Cure string
}
