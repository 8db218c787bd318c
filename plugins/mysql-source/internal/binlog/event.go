package binlog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/go-mysql-org/go-mysql/replication"
)

// ErrDamaged is returned for an event that is shorter than its own lengths say.
var ErrDamaged = errors.New("damaged binlog event")

// headerSize of an event.
const headerSize = 19

// Flags of an event that matter here.
const (
	flagArtificial = 0x20
	flagIgnorable  = 0x80
)

// Event is one event of the log. Body refers to the reader's buffer.
type Event struct {
	Type    replication.EventType
	Server  uint32
	Seconds uint32 // since 1970
	Size    uint32 // with the header
	LogPos  uint32 // low 32 bits of the offset behind it, 0 if it is not in the log
	Flags   uint16
	Body    []byte
	raw     []byte
}

// Artificial events are made by the server for the connection, not read from the log.
func (e *Event) Artificial() bool { return e.Flags&flagArtificial != 0 || e.LogPos == 0 }

// Ignorable events may be passed over by those who do not know them.
func (e *Event) Ignorable() bool { return e.Flags&flagIgnorable != 0 }

// parse reads the event at the start of b, which must not be longer.
func (e *Event) parse(b []byte) error {
	if len(b) < headerSize {
		return fmt.Errorf("%w: header has %d bytes", ErrDamaged, len(b))
	}
	*e = Event{
		Seconds: binary.LittleEndian.Uint32(b),
		Type:    replication.EventType(b[4]),
		Server:  binary.LittleEndian.Uint32(b[5:]),
		Size:    binary.LittleEndian.Uint32(b[9:]),
		LogPos:  binary.LittleEndian.Uint32(b[13:]),
		Flags:   binary.LittleEndian.Uint16(b[17:]),
		Body:    b[headerSize:],
		raw:     b,
	}
	if int64(e.Size) != int64(len(b)) {
		return fmt.Errorf("%w: %v says %d bytes and has %d", ErrDamaged, e.Type, e.Size, len(b))
	}
	return nil
}

// cursor reads fields off the front of a body; the first that is missing makes
// bad true, and all that follows reads as zero.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) take(n uint64) []byte {
	if n > uint64(len(c.rest)) {
		c.rest, c.bad = nil, true
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}

// uint reads a little-endian number of n bytes, at most 8.
func (c *cursor) uint(n int) uint64 {
	if len(c.rest) >= 8 {
		v := binary.LittleEndian.Uint64(c.rest) & (1<<(8*n) - 1)
		c.rest = c.rest[n:]
		return v
	}
	var v uint64
	for i, b := range c.take(uint64(n)) {
		v |= uint64(b) << (8 * i)
	}
	return v
}

// lenenc reads a number in MySQL's length-encoded form.
func (c *cursor) lenenc() uint64 {
	switch first := c.uint(1); first {
	case 0xfc:
		return c.uint(2)
	case 0xfd:
		return c.uint(3)
	case 0xfe:
		return c.uint(8)
	case 0xfb, 0xff:
		c.rest, c.bad = nil, true
		return 0
	default:
		return first
	}
}
