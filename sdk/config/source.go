package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// MaxFile is the largest file that a value is read from.
const MaxFile = 1 << 20

var (
	errFileTooLarge = errors.New("is larger than 1 MiB")
	errFileEmpty    = errors.New("is empty")
)

// source is where a value comes from: its text, or a file that is read at each use.
type source struct {
	text string
	// key is where the value stands in the configuration, and file the absolute
	// path of the file; empty if it comes from none.
	key, file string
}

// read returns the value as it is now. Its error names key and file, and shows
// nothing of what is in the file.
func (s *source) read() (string, error) {
	if s == nil {
		return "", nil
	}
	if s.file == "" {
		return s.text, nil
	}
	text, err := ReadFile(s.file)
	if err == nil && text == "" {
		err = errFileEmpty
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %s %w", s.key, s.file, reason(err))
	}
	return text, nil
}

func (s *source) equal(t *source) bool {
	if s == nil || t == nil {
		return s == t
	}
	return s.text == t.text && s.file == t.file
}

// ReadFile returns the text of a file as the value of a key: without the newline
// at its end, and MaxFile bytes at most.
func ReadFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err == nil && len(raw) > MaxFile {
		err = errFileTooLarge
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r"), errors.Join(err, f.Close())
}

// reason is what is wrong with a file, to stand behind its name.
func reason(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("cannot be read: %w", p.Err)
	}
	return err
}
