package config

import "log/slog"

const mask = "***"

// Secret is a string that no format prints, marshals or logs. One that the
// pipeline file takes from a file, as ${file:/run/secrets/password}, is read from
// there again at each use, as it may have been changed. A secret that is not set
// is shown as empty, so that a missing password can be told from a hidden one.
type Secret struct {
	from *source // behind a pointer, which fmt shows as an address at most
}

// NewSecret returns a secret that is text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&source{text: text}}
}

// SecretFile returns a secret that is read from a file at each use. Errors name
// the key that it stands at.
func SecretFile(key, file string) Secret { return Secret{&source{key: key, file: file}} }

// Reveal returns the secret as it is now. Call it where the secret is used, for
// each use, and keep nothing of it. The error is that of a file that cannot be
// read or is empty; whoever is replacing it may be in the middle of that.
func (s Secret) Reveal() (string, error) { return s.from.read() }

// IsZero says whether no secret is set.
func (s Secret) IsZero() bool { return s.from == nil }

// FromFile says whether the secret is read from a file, and may change.
func (s Secret) FromFile() bool { return s.from != nil && s.from.file != "" }

// Equal says whether two secrets are of the same text or the same file.
func (s Secret) Equal(t Secret) bool { return s.from.equal(t.from) }

// String returns the mask.
func (s Secret) String() string {
	if s.IsZero() {
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
