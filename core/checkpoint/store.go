// Package checkpoint stores the checkpoints of a pipeline's sinks in a file of
// its own, durably and all in one step. The file is a bbolt database, locked
// while the pipeline runs: two hosts cannot run one pipeline from one folder.
//
// Layout: a bucket a sink, in it the keys "position" and "updated" and the
// bucket "state" with the entries of the source state.
package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/leat-io/leat/core/ledger"
)

// Errors of a store.
var (
	// ErrLocked means that another process has the file open.
	ErrLocked = errors.New("checkpoint file is in use")
	// ErrNone means that there is no checkpoint file yet.
	ErrNone = errors.New("no checkpoint yet")
)

const (
	lockTimeout = 500 * time.Millisecond
	fileMode    = 0o600
	dirMode     = 0o700
)

var (
	keyPosition = []byte("position")
	keyUpdated  = []byte("updated")
	keyState    = []byte("state")
)

// Checkpoint of one sink.
type Checkpoint struct {
	Position []byte
	// State of the source as of the position.
	State map[string][]byte
	// Updated is when the checkpoint was stored.
	Updated time.Time
}

// Store holds the checkpoints of one pipeline.
type Store struct{ db *bolt.DB }

// Path returns the file of a pipeline's checkpoints in dir.
func Path(dir, pipeline string) string { return filepath.Join(dir, pipeline+".checkpoint") }

// Open opens the file of a pipeline, making folder and file if they are missing.
func Open(dir, pipeline string) (*Store, error) {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return nil, fmt.Errorf("make checkpoint folder: %w", err)
	}
	return open(Path(dir, pipeline), &bolt.Options{Timeout: lockTimeout})
}

// OpenReadOnly opens the file of a pipeline that does not run, to look at it.
func OpenReadOnly(dir, pipeline string) (*Store, error) {
	path := Path(dir, pipeline)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNone, path)
	}
	return open(path, &bolt.Options{Timeout: lockTimeout, ReadOnly: true})
}

func open(path string, opts *bolt.Options) (*Store, error) {
	db, err := bolt.Open(path, fileMode, opts)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%w: %s: another leat runs this pipeline; stop it first", ErrLocked, path)
	}
	if err != nil {
		return nil, fmt.Errorf("open checkpoint file %s: %w", path, err)
	}
	return &Store{db: db}, nil
}

// Close lets the file go.
func (s *Store) Close() error { return s.db.Close() }

// Sinks returns the names of the sinks that have a checkpoint, sorted.
func (s *Store) Sinks() ([]string, error) {
	var names []string
	err := s.db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
			names = append(names, string(name))
			return nil
		})
	})
	return names, err
}

// Load returns the checkpoint of a sink, nil if it has none.
func (s *Store) Load(sink string) (*Checkpoint, error) {
	var c *Checkpoint
	err := s.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(sink))
		if b == nil {
			return nil
		}
		c = &Checkpoint{Position: clone(b.Get(keyPosition)), State: map[string][]byte{}}
		if err := c.Updated.UnmarshalBinary(b.Get(keyUpdated)); err != nil {
			return fmt.Errorf("checkpoint of sink %s: read time: %w", sink, err)
		}
		state := b.Bucket(keyState)
		if state == nil {
			return fmt.Errorf("checkpoint of sink %s has no state", sink)
		}
		return state.ForEach(func(k, v []byte) error {
			c.State[string(k)] = clone(v)
			return nil
		})
	})
	return c, err
}

// Move is what a sink's checkpoint becomes: another position, and changes of state.
type Move struct {
	Position []byte
	State    []ledger.StateChange
}

// Save moves the checkpoints of several sinks in one durable step.
func (s *Store) Save(moves map[string]Move, now time.Time) error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		for sink, m := range moves {
			if err := save(tx, sink, m, now); err != nil {
				return fmt.Errorf("sink %s: %w", sink, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	return nil
}

func save(tx *bolt.Tx, sink string, m Move, now time.Time) error {
	b, err := tx.CreateBucketIfNotExists([]byte(sink))
	if err != nil {
		return err
	}
	state, err := b.CreateBucketIfNotExists(keyState)
	if err != nil {
		return err
	}
	for _, c := range m.State {
		if c.Value == nil {
			err = state.Delete([]byte(c.Key))
		} else {
			err = state.Put([]byte(c.Key), c.Value)
		}
		if err != nil {
			return fmt.Errorf("state %q: %w", c.Key, err)
		}
	}
	updated, err := now.UTC().MarshalBinary()
	if err != nil {
		return err
	}
	return errors.Join(b.Put(keyPosition, m.Position), b.Put(keyUpdated, updated))
}

// Delete removes the checkpoint of a sink, which then begins anew. It is no
// error if there is none.
func (s *Store) Delete(sink string) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		err := tx.DeleteBucket([]byte(sink))
		if errors.Is(err, bolterrors.ErrBucketNotFound) {
			return nil
		}
		return err
	})
}

// clone copies what bbolt lends for the time of a transaction.
func clone(b []byte) []byte { return append([]byte{}, b...) }
