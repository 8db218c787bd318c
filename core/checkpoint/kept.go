package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Kept is a copy of the checkpoints that stands beside the file, as they were
// when the file was made anew last.
type Kept struct {
	Path string
	// Updated is when the first of its checkpoints was stored.
	Updated time.Time
	Sinks   []string
}

// keep writes the copy, or removes it where there is nothing to copy.
func keep(d disk, path string, sequence uint64, sinks int, payload []byte) error {
	owner := ownerOf(path)
	path += keptSuffix
	if sinks == 0 {
		return d.remove(path)
	}
	raw, _, err := encode(owner, sequence, payload, 0)
	if err != nil {
		return err
	}
	f, err := create(d, path, raw)
	if err != nil {
		return fmt.Errorf("keep copy of checkpoint file: %w", err)
	}
	return f.Close()
}

// findKept describes the copy, nil if there is none that is whole.
func findKept(path string) *Kept {
	raw, err := os.ReadFile(path + keptSuffix)
	if err != nil {
		return nil
	}
	c, err := read(raw)
	if err != nil || c.doubt != "" || !c.of(path) {
		return nil
	}
	k := &Kept{Path: path + keptSuffix, Sinks: c.sinks.names()}
	for _, sink := range c.sinks {
		if k.Updated.IsZero() || sink.Updated.Before(k.Updated) {
			k.Updated = sink.Updated
		}
	}
	return k
}

// Restore puts the copy that was kept in the place of a file that is damaged or
// gone, and returns what it was.
func Restore(dir, pipeline string, log *slog.Logger) (*Kept, error) {
	path := Path(dir, pipeline)
	release, err := lock(path, true)
	if err != nil {
		return nil, err
	}
	err = restore(path, log)
	return findKept(path), errors.Join(err, release())
}

func restore(path string, log *slog.Logger) error {
	_, err := load(path)
	var d *Damage
	switch {
	case err == nil:
		return fmt.Errorf("%w: %s: nothing is restored", ErrWhole, path)
	case errors.Is(err, ErrNone):
		return err
	case !errors.As(err, &d):
		return err // of a newer leat, or one that can't be read now
	case d.Kept == nil:
		return err
	}
	c, err := load(d.Kept.Path)
	if err != nil {
		return err
	}
	s := newStore(path, osDisk{}, log, c)
	s.sequence++
	if err := s.rewrite(); err != nil {
		return fmt.Errorf("restore checkpoint file: %w", err)
	}
	return s.log.file.Close()
}

// Remove removes the checkpoints of all sinks, also from a file that is damaged.
func Remove(dir, pipeline string) error {
	path := Path(dir, pipeline)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	release, err := lock(path, true)
	if err != nil {
		return err
	}
	d := osDisk{}
	// The copy goes first: without it, no file means no checkpoint.
	for _, p := range []string{path + keptSuffix, path, path + newSuffix, path + keptSuffix + newSuffix} {
		err = errors.Join(err, d.remove(p))
	}
	return errors.Join(err, d.syncDir(filepath.Dir(path)), release())
}
