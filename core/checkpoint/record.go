package checkpoint

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/leat-io/leat/core/ledger"
)

var errRecord = errors.New("record is not well formed")

// step is what a record says of one sink: a move, and when it was made.
type step struct {
	Move
	updated time.Time
}

const (
	opRemove = 0
	opSet    = 1
)

// appendSteps writes the payload of a record.
func appendSteps(b []byte, steps map[string]step) []byte {
	b = binary.AppendUvarint(b, uint64(len(steps)))
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		s := steps[name]
		b = appendBytes(b, name)
		b = binary.AppendVarint(b, s.updated.UnixNano())
		b = appendBytes(b, s.Position)
		b = binary.AppendUvarint(b, uint64(len(s.State)))
		for _, c := range s.State {
			b = appendBytes(b, c.Key)
			if c.Value == nil {
				b = append(b, opRemove)
				continue
			}
			b = appendBytes(append(b, opSet), c.Value)
		}
	}
	return b
}

func appendBytes[T ~[]byte | ~string](b []byte, v T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(v))), v...)
}

// parseSteps reads the payload of a record. The result refers to b.
func parseSteps(b []byte) (map[string]step, error) {
	c := &cursor{rest: b}
	steps := map[string]step{}
	for range c.count() {
		name := string(c.bytes())
		s := step{updated: time.Unix(0, c.varint()).UTC()}
		s.Position = c.bytes()
		for range c.count() {
			s.State = append(s.State, c.change())
		}
		steps[name] = s
	}
	if c.failed || len(c.rest) > 0 {
		return nil, errRecord
	}
	return steps, nil
}

// cursor reads a payload. After the first failure it gives zero values.
type cursor struct {
	rest   []byte
	failed bool
}

func (c *cursor) change() ledger.StateChange {
	change := ledger.StateChange{Key: string(c.bytes())}
	switch c.take(1)[0] {
	case opRemove:
	case opSet:
		change.Value = c.bytes()
	default:
		c.failed, c.rest = true, nil
	}
	return change
}

func (c *cursor) bytes() []byte {
	n, size := binary.Uvarint(c.rest)
	if size <= 0 || n > uint64(len(c.rest)-size) {
		c.failed, c.rest = true, nil
		return []byte{}
	}
	c.rest = c.rest[size:]
	return c.take(int(n))
}

func (c *cursor) take(n int) []byte {
	if n > len(c.rest) {
		c.failed, c.rest = true, nil
		return make([]byte, n)
	}
	taken := c.rest[:n:n]
	c.rest = c.rest[n:]
	return taken
}

// count returns how many things follow, each of at least one byte.
func (c *cursor) count() int {
	n, size := binary.Uvarint(c.rest)
	if size <= 0 || n > uint64(len(c.rest)) {
		c.failed, c.rest = true, nil
		return 0
	}
	c.rest = c.rest[size:]
	return int(n)
}

func (c *cursor) varint() int64 {
	n, size := binary.Varint(c.rest)
	if size <= 0 {
		c.failed, c.rest = true, nil
		return 0
	}
	c.rest = c.rest[size:]
	return n
}
