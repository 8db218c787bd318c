package checkpoint

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/leat-io/leat/core/ledger"
)

const (
	fileMode = 0o600
	dirMode  = 0o700

	lockSuffix = ".lock"
	// keptSuffix is behind the name of the copy that is kept.
	keptSuffix = ".before"
	// newSuffix is behind the name of a file that is being made.
	newSuffix = ".new"
)

// Checkpoint of one sink.
type Checkpoint struct {
	Position []byte
	// State of the source as of the position.
	State map[string][]byte
	// Updated is when the checkpoint was stored.
	Updated time.Time
}

// Move is what a sink's checkpoint becomes: another position, and changes of state.
type Move struct {
	Position []byte
	State    []ledger.StateChange
}

// Store holds the checkpoints of one pipeline. It is not safe for concurrent use.
type Store struct {
	path    string
	disk    disk
	logger  *slog.Logger
	release func() error

	sinks    image
	sequence uint64
	doubt    string
	room     int  // least room of the file for records
	log      *log // nil where it has to be made anew, and in a store to look at
	writable bool
}

const suffix = ".checkpoint"

// Path returns the file of a pipeline's checkpoints in dir.
func Path(dir, pipeline string) string { return filepath.Join(dir, pipeline+suffix) }

// ownerOf is the pipeline that a file, or its copy, is named after.
func ownerOf(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), keptSuffix), suffix)
}

// Open opens the checkpoints of a pipeline and keeps others from doing so. It
// makes folder and file if they are missing. The logger is told what needs an eye
// and is no error: a file of the format before, or that the newest checkpoint is
// not whole.
func Open(dir, pipeline string, logger *slog.Logger) (*Store, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("make checkpoint folder: %w", err)
	}
	return open(Path(dir, pipeline), osDisk{}, logger)
}

func open(path string, d disk, logger *slog.Logger) (*Store, error) {
	release, err := lock(path, true)
	if err != nil {
		return nil, err
	}
	s, err := load(path)
	if errors.Is(err, ErrNone) {
		s, err = &contents{sinks: image{}}, nil
	}
	if err == nil && s.old {
		err = lockOld(path)
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	out := newStore(path, d, logger, s)
	out.release, out.writable = release, true
	// What was read may be in memory alone, after a write that failed; and a tail
	// that is not whole must not be written behind.
	out.sequence++
	if err := out.rewrite(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w; see to the disk, its space and the rights to %s", err, filepath.Dir(path)), release())
	}
	return out, nil
}

// OpenReadOnly opens the checkpoints of a pipeline that does not run, to look at
// them. It writes nothing.
func OpenReadOnly(dir, pipeline string, logger *slog.Logger) (*Store, error) {
	path := Path(dir, pipeline)
	release, err := lock(path, false)
	if err != nil {
		return nil, err
	}
	c, err := load(path)
	if err == nil && c.old {
		err = lockOld(path)
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	s := newStore(path, osDisk{}, logger, c)
	s.release = release
	return s, nil
}

func newStore(path string, d disk, logger *slog.Logger, c *contents) *Store {
	if c.doubt != "" {
		logger.Warn("the newest checkpoint may be lost: the one before it is used, and what came since is sent again",
			"file", path, "reason", c.doubt)
	}
	if c.old {
		logger.Warn("checkpoint file is of the format without checksums: whether it is damaged cannot be told", "file", path)
	}
	return &Store{path: path, disk: d, logger: logger, sinks: c.sinks, sequence: c.sequence, doubt: c.doubt, room: minRoom}
}

// Close lets the file go.
func (s *Store) Close() error {
	s.writable = false
	err := s.closeLog()
	if s.release != nil {
		err = errors.Join(err, s.release())
		s.release = nil
	}
	return err
}

func (s *Store) closeLog() error {
	if s.log == nil {
		return nil
	}
	err := s.log.file.Close()
	s.log = nil
	return err
}

// FellBack says why the store may have begun at the checkpoints before the
// newest; empty if it did not.
func (s *Store) FellBack() string { return s.doubt }

// Sinks returns the names of the sinks that have a checkpoint, sorted.
func (s *Store) Sinks() []string { return s.sinks.names() }

// Load returns the checkpoint of a sink, nil if it has none. Its bytes must not
// be changed.
func (s *Store) Load(sink string) *Checkpoint {
	c := s.sinks[sink]
	if c == nil {
		return nil
	}
	return &Checkpoint{Position: c.Position, State: maps.Clone(c.State), Updated: c.Updated}
}

// Save moves the checkpoints of several sinks in one durable step. It keeps the
// bytes of positions and values. A write that fails is tried once more, in a new
// file. After an error the moves may be saved again.
func (s *Store) Save(moves map[string]Move, now time.Time) error {
	if !s.writable {
		return fmt.Errorf("save checkpoint: %w", errReadOnly)
	}
	steps := make(map[string]step, len(moves))
	begins := false
	for sink, m := range moves {
		m.Position = slices.Clone(m.Position)
		steps[sink] = step{m, now.UTC()}
		begins = begins || s.sinks[sink] == nil
	}
	s.sinks.apply(steps)
	s.sequence++
	err := s.store(appendSteps(nil, steps), begins)
	if err == nil {
		return nil
	}
	s.logger.Warn("checkpoint was not saved; it is tried once more", "file", s.path, "error", err)
	if again := s.rewrite(); again != nil {
		return fmt.Errorf("save checkpoint twice: %w; then: %w; see to the disk and its space, then start again: "+
			"it resumes at the checkpoint before, in %s", err, again, s.path)
	}
	return nil
}

// store adds a record, or makes the file anew if there is no room, or a sink
// begins, which the copy that is kept must know.
func (s *Store) store(payload []byte, begins bool) error {
	if s.log == nil || begins || !s.log.fits(payload) {
		return s.rewrite()
	}
	return s.log.add(payload)
}

// rewrite makes the file anew, with one record that has all checkpoints, and then
// its copy.
func (s *Store) rewrite() error {
	if s.log != nil {
		_ = s.closeLog() // it is replaced, whatever has become of it
	}
	payload := appendSteps(nil, s.sinks.steps())
	l, err := createLog(s.disk, s.path, s.sequence, payload, s.room)
	if err != nil {
		return err
	}
	if err := keep(s.disk, s.path, s.sequence, len(s.sinks), payload); err != nil {
		return errors.Join(err, l.file.Close())
	}
	s.log = l
	return nil
}

// Delete removes the checkpoint of a sink, which then begins anew. It is no
// error if there is none.
func (s *Store) Delete(sink string) error {
	if !s.writable {
		return fmt.Errorf("delete checkpoint of sink %s: %w", sink, errReadOnly)
	}
	delete(s.sinks, sink)
	s.sequence++
	if err := s.rewrite(); err != nil {
		return fmt.Errorf("delete checkpoint of sink %s: %w", sink, err)
	}
	return nil
}
