package binlog

import (
	"fmt"

	"github.com/go-mysql-org/go-mysql/replication"
)

// Operation says what a rows event does to its rows.
type Operation uint8

// The operations.
const (
	Insert Operation = iota + 1
	Update
	Delete
)

// Rows is a rows event: images of rows, one or two for each.
type Rows struct {
	Op      Operation
	Table   uint64
	Columns uint64
	// Partial says that images after an update may hold differences of JSON.
	Partial bool
	// First and Second are the columns present in the images; Second is that of
	// the image after an update.
	First, Second []byte
	// Data has the images.
	Data []byte
}

// DummyTable is the table of an event without rows that only ends a statement.
const DummyTable = 0x00ffffff

// operation returns what an event does to its rows, 0 if it has none, and whether
// it is of the second version, whose header has room for more.
func operation(t replication.EventType) (op Operation, second bool) {
	switch t {
	case replication.WRITE_ROWS_EVENTv2:
		return Insert, true
	case replication.UPDATE_ROWS_EVENTv2, replication.PARTIAL_UPDATE_ROWS_EVENT:
		return Update, true
	case replication.DELETE_ROWS_EVENTv2:
		return Delete, true
	case replication.WRITE_ROWS_EVENTv1:
		return Insert, false
	case replication.UPDATE_ROWS_EVENTv1:
		return Update, false
	case replication.DELETE_ROWS_EVENTv1:
		return Delete, false
	}
	return 0, false
}

// Parse reads a rows event. The slices refer to it.
func (r *Rows) Parse(e *Event) error {
	op, second := operation(e.Type)
	if op == 0 {
		return fmt.Errorf("%w: %v is no rows event", ErrDamaged, e.Type)
	}
	c := cursor{rest: e.Body}
	*r = Rows{Op: op, Partial: e.Type == replication.PARTIAL_UPDATE_ROWS_EVENT}
	r.Table = c.uint(6)
	c.take(2) // flags
	if second {
		n := c.uint(2)
		if n < 2 {
			c.bad = true
		} else {
			c.take(n - 2)
		}
	}
	r.Columns = c.lenenc()
	bitmap := (r.Columns + 7) / 8
	r.First = c.take(bitmap)
	if r.Op == Update {
		r.Second = c.take(bitmap)
	}
	r.Data = c.rest
	if c.bad {
		return fmt.Errorf("%w: %v of %d bytes", ErrDamaged, e.Type, len(e.Body))
	}
	return nil
}
