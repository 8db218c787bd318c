// Package ledger keeps account of one sink: which batches it was given, which it
// has made durable, and so how far its checkpoint may move. It is a pure state
// machine: no goroutine, no clock, no I/O.
package ledger

import (
	"bytes"
	"errors"
	"fmt"
)

// Errors of a caller that breaks the order of batches.
var (
	ErrOrder   = errors.New("batch is not newer than the one before")
	ErrUnknown = errors.New("acknowledged batch is not open")
	ErrState   = errors.New("the source state is too large")
)

const (
	// MaxState is the largest source state of a checkpoint, which has to be sent to
	// the source when it starts.
	MaxState = 128 << 20
	// EntryCost is what an entry of the state takes beside its bytes.
	EntryCost = 64
)

// Entry is one batch that the sink was given.
type Entry struct {
	Sequence uint64
	// Position to resume at once the batch is durable.
	Position []byte
	// State changes that belong to the position.
	State []StateChange
}

// StateChange sets Key, or removes it if Value is nil.
type StateChange struct {
	Key   string
	Value []byte
}

// Checkpoint is a position and the source state as of it.
type Checkpoint struct {
	Position []byte
	State    map[string][]byte
}

// Clone returns a copy that shares only the bytes of values.
func (c *Checkpoint) Clone() *Checkpoint {
	out := &Checkpoint{Position: c.Position, State: make(map[string][]byte, len(c.State))}
	for k, v := range c.State {
		out.State[k] = v
	}
	return out
}

func (c *Checkpoint) apply(e *Entry) {
	c.Position = e.Position
	for _, s := range e.State {
		if s.Value == nil {
			delete(c.State, s.Key)
		} else {
			c.State[s.Key] = s.Value
		}
	}
}

// Ledger of one sink. The zero value is not ready; use New.
type Ledger struct {
	open     []slot // in order of sequence; open[0] is not acknowledged
	received *Checkpoint
	durable  *Checkpoint
	last     uint64
	size     int // of the received state
}

type slot struct {
	Entry
	acked bool
}

// New returns the ledger of a sink whose checkpoint is c, nil if it has none.
func New(c *Checkpoint) *Ledger {
	l := &Ledger{}
	if c != nil {
		l.received, l.durable = c.Clone(), c.Clone()
		for k, v := range c.State {
			l.size += cost(k, v)
		}
	}
	return l
}

// Give records that the sink is to get a batch.
func (l *Ledger) Give(e Entry) error {
	if e.Sequence <= l.last {
		return fmt.Errorf("%w: %d after %d", ErrOrder, e.Sequence, l.last)
	}
	size := l.grown(e.State)
	if size > MaxState && size > l.size {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrState, size, MaxState)
	}
	l.size = size
	l.last = e.Sequence
	l.open = append(l.open, slot{Entry: e})
	if l.received == nil {
		l.received = &Checkpoint{State: map[string][]byte{}}
	}
	l.received.apply(&e)
	return nil
}

// grown returns the size of the state after some changes.
func (l *Ledger) grown(changes []StateChange) int {
	size := l.size
	now := make(map[string][]byte, len(changes))
	for _, c := range changes {
		old, changed := now[c.Key]
		if !changed && l.received != nil {
			old = l.received.State[c.Key]
		}
		if old != nil {
			size -= cost(c.Key, old)
		}
		if now[c.Key] = c.Value; c.Value != nil {
			size += cost(c.Key, c.Value)
		}
	}
	return size
}

func cost(key string, value []byte) int { return len(key) + len(value) + EntryCost }

// Ack records that a batch is durable, and returns the batches by which the
// checkpoint has moved: those that are durable and have none open before them.
func (l *Ledger) Ack(sequence uint64) ([]Entry, error) {
	i := l.find(sequence)
	if i < 0 || l.open[i].acked {
		return nil, fmt.Errorf("%w: %d", ErrUnknown, sequence)
	}
	l.open[i].acked = true
	return l.advance(), nil
}

// AckThrough treats as durable what a transactional sink says it has stored: all
// up to the batch with that position. It returns the batches that were not
// acknowledged before. A position that no open batch has changes nothing.
//
// Of several batches with one position, as a snapshot sends them, only the first
// is certain, and those that were acknowledged: what follows is sent again.
func (l *Ledger) AckThrough(position []byte) []uint64 {
	var fresh []uint64
	for i := range l.through(position) {
		if !l.open[i].acked {
			l.open[i].acked = true
			fresh = append(fresh, l.open[i].Sequence)
		}
	}
	l.advance()
	return fresh
}

// through returns how many of the open batches a stored position covers for certain.
func (l *Ledger) through(position []byte) int {
	n := 0
	certain := l.durable != nil && bytes.Equal(l.durable.Position, position)
	for i := range l.open {
		if bytes.Equal(l.open[i].Position, position) && (!certain || l.open[i].acked) {
			n, certain = i+1, true
		}
	}
	return n
}

func (l *Ledger) advance() []Entry {
	var moved []Entry
	for len(l.open) > 0 && l.open[0].acked {
		if l.durable == nil {
			l.durable = &Checkpoint{State: map[string][]byte{}}
		}
		l.durable.apply(&l.open[0].Entry)
		moved = append(moved, l.open[0].Entry)
		l.open[0] = slot{}
		l.open = l.open[1:]
	}
	if len(l.open) == 0 {
		l.open = nil
	}
	return moved
}

// find returns the index of a sequence among the open batches, or -1.
func (l *Ledger) find(sequence uint64) int {
	lo, hi := 0, len(l.open)
	for lo < hi {
		if mid := (lo + hi) / 2; l.open[mid].Sequence < sequence {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(l.open) && l.open[lo].Sequence == sequence {
		return lo
	}
	return -1
}

// Open returns the sequences of the batches that are not durable, in order: what
// a sink that starts anew has to be sent again.
func (l *Ledger) Open() []uint64 {
	var out []uint64
	for _, s := range l.open {
		if !s.acked {
			out = append(out, s.Sequence)
		}
	}
	return out
}

// Entry returns an open batch.
func (l *Ledger) Entry(sequence uint64) (Entry, bool) {
	if i := l.find(sequence); i >= 0 {
		return l.open[i].Entry, true
	}
	return Entry{}, false
}

// Idle says whether all that was given is durable.
func (l *Ledger) Idle() bool { return len(l.open) == 0 }

// Received is where the source resumes for this sink after a crash of its own,
// nil if the sink was given nothing yet.
func (l *Ledger) Received() *Checkpoint { return l.received }

// Durable is the sink's checkpoint, nil if nothing is durable yet.
func (l *Ledger) Durable() *Checkpoint { return l.durable }
