package sdk

import (
	"errors"
	"fmt"
	"slices"
)

// ErrInvalid means that a plugin would send what its receivers cannot read. It is
// a mistake in the plugin.
var ErrInvalid = errors.New("the plugin would send what nobody can read")

// maxHeaders bounds what a header of a few bytes grows to in the receiver.
const maxHeaders = 1 << 16

func invalid(format string, args ...any) error {
	return Permanent(fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...))
}

func (t Type) valid() bool {
	switch t {
	case Boolean, Int, Long, Float, Double, String, Bytes, Geometry, Point, Vector:
		return true
	default:
		return false
	}
}

func (o Op) valid() bool {
	switch o {
	case Create, Update, Delete, Read, Truncate:
		return true
	default:
		return false
	}
}

// check says what a reader of rows would stumble over.
func (s *RowSchema) check() error {
	for i, c := range s.Columns {
		if !c.Type.valid() {
			return fmt.Errorf("schema of %s.%s: column %d, %s, has the unknown type %q", s.Database, s.Table, i, c.Name, c.Type)
		}
	}
	for i, k := range s.Key {
		if k < 0 || k >= len(s.Columns) || slices.Contains(s.Key[:i], k) {
			return fmt.Errorf("schema of %s.%s: key %v names column %d of %d, or names it twice", s.Database, s.Table, s.Key, k, len(s.Columns))
		}
	}
	return nil
}

func (s Schema) check() error {
	switch {
	case (s.Row == nil) == (s.Message == nil):
		return errors.New("want one of row and message")
	case s.Row != nil:
		return s.Row.check()
	case s.Message.Row != nil:
		return s.Message.Row.check()
	default:
		return nil
	}
}

// announcer remembers which schemas were announced, and so what records may refer to.
type announcer struct {
	known  map[SchemaID]bool // true: of rows
	latest SchemaID          // of rows, that a change had last
}

func newAnnouncer() announcer { return announcer{known: map[SchemaID]bool{}} }

// add says whether the schema has to be sent.
func (a *announcer) add(s Schema, id SchemaID) bool {
	_, known := a.known[id]
	a.known[id] = s.Row != nil
	return !known
}

// change refuses a change that no receiver could read.
func (a *announcer) change(c *Change) error {
	if !c.Op.valid() {
		return invalid("change has the unknown operation %q", byte(c.Op))
	}
	if c.Snapshot > SnapshotIncremental {
		return invalid("change has the unknown snapshot mark %d", c.Snapshot)
	}
	if c.Schema == a.latest && c.Schema != 0 {
		return nil
	}
	if !a.known[c.Schema] {
		return invalid("change refers to the row schema %v, which was not announced", c.Schema)
	}
	a.latest = c.Schema
	return nil
}

func (a *announcer) target(t *Target) error {
	for _, id := range [...]SchemaID{t.KeySchema, t.ValueSchema} {
		if rows, known := a.known[id]; id != 0 && (!known || rows) {
			return invalid("target %s refers to the message schema %v, which was not announced", t.Topic, id)
		}
	}
	if len(t.Headers) > maxHeaders {
		return invalid("target %s has %d headers, at most %d", t.Topic, len(t.Headers), maxHeaders)
	}
	return nil
}
