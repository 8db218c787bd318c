package config

import "log/slog"

const mask = "***"

// Secret is a string that no format prints, marshals or logs. An empty one is
// shown as empty, so that a missing password can be told from a hidden one.
type Secret string

// Reveal returns the secret itself. Call it where the secret is used, and
// nowhere else.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString returns the mask, for %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// MarshalJSON writes the mask.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(s.GoString()), nil }

// MarshalYAML writes the mask.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue returns the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
