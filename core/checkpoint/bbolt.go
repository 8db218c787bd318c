package checkpoint

import (
	"errors"
	"fmt"
	"time"
)

// The format before this one was a bbolt database: a bucket a sink, in it the keys
// "position" and "updated" and the bucket "state". It is read, to be written anew
// in this format; nothing is mapped into memory, so that damage is an error.

// readBbolt reads a file of the format before. It has no checksums of its own but
// those of its two first pages: what is damaged inside a value is not seen.
func readBbolt(raw []byte) (*contents, error) {
	db, err := openPages(raw)
	if err != nil {
		return nil, err
	}
	out := &contents{sinks: image{}, old: true}
	err = db.walk(db.root, func(e element) error {
		if !e.bucket {
			return errElement
		}
		c, err := db.sink(e)
		if err != nil {
			return fmt.Errorf("sink %q: %w", e.key, err)
		}
		out.sinks[string(e.key)] = c
		return nil
	})
	if err != nil {
		return nil, damaged(err.Error())
	}
	return out, nil
}

var (
	errElement    = errors.New("what stands there is no part of a checkpoint")
	errIncomplete = errors.New("position, time or state is not there")
)

func (db *pages) sink(e element) (*Checkpoint, error) {
	c := &Checkpoint{State: map[string][]byte{}}
	parts := map[string]bool{}
	err := db.walkBucket(e, func(e element) (err error) {
		name := string(e.key)
		parts[name] = true
		switch {
		case name == "position" && !e.bucket:
			c.Position = e.value
		case name == "updated" && !e.bucket:
			err = c.Updated.UnmarshalBinary(e.value)
		case name == "state" && e.bucket:
			err = db.state(e, c.State)
		default:
			return errElement
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(parts) != 3 {
		return nil, errIncomplete
	}
	c.Updated = time.Unix(0, c.Updated.UnixNano()).UTC()
	return c, nil
}

func (db *pages) state(e element, into map[string][]byte) error {
	return db.walkBucket(e, func(e element) error {
		if e.bucket {
			return errElement
		}
		into[string(e.key)] = e.value
		return nil
	})
}
