package config

import "encoding/json"

// Text is a string that goes with a secret and changes with it, as the user whose
// password it is, or the certificate of a key. Like a Secret it is read again at
// each use where the pipeline file takes it from a file; unlike one it is shown.
type Text struct{ from *source }

// NewText returns a text.
func NewText(text string) Text {
	if text == "" {
		return Text{}
	}
	return Text{&source{text: text}}
}

// TextFile returns a text that is read from a file at each use. Errors name the
// key that it stands at.
func TextFile(key, file string) Text { return Text{&source{key: key, file: file}} }

// Read returns the text as it is now. The error is as that of Secret.Reveal.
func (t Text) Read() (string, error) { return t.from.read() }

// Shown returns the text for a message: as it is now, or the reference to its file
// if that cannot be read.
func (t Text) Shown() string {
	if text, err := t.Read(); err == nil {
		return text
	}
	return t.String()
}

// IsZero says whether no text is set.
func (t Text) IsZero() bool { return t.from == nil }

// FromFile says whether the text is read from a file, and may change.
func (t Text) FromFile() bool { return t.from != nil && t.from.file != "" }

// Equal says whether two texts are the same text or of the same file.
func (t Text) Equal(u Text) bool { return t.from.equal(u.from) }

// String returns the text, or the reference to its file.
func (t Text) String() string {
	switch {
	case t.from == nil:
		return ""
	case t.from.file != "":
		return "${file:" + t.from.file + "}"
	}
	return t.from.text
}

// MarshalJSON writes what String returns.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }
