package flow

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/leat-io/leat/core/ledger"
)

// Up reports that a plugin of the stage has opened, for the first time or again,
// and returns what it has to be sent first. stored is the last checkpoint of a
// transactional sink.
func (m *Machine) Up(stage Stage, stored *ledger.Checkpoint) []Effect {
	m.effects = m.effects[:0]
	switch stage {
	case Source:
		m.ended = false
	case Transform:
		m.repeat(Transform)
		for _, sequence := range slices.Sorted(maps.Keys(m.window)) {
			if b := m.window[sequence]; b.source != nil {
				m.send(Transform, b.source)
			}
		}
	default:
		m.sinkUp(stage.sink(), stored)
	}
	return m.effects
}

func (m *Machine) sinkUp(i int, stored *ledger.Checkpoint) {
	s := m.sinks[i]
	if stored != nil && s.transactional {
		through := s.ledger.AckThrough(stored.Position)
		for _, sequence := range through {
			m.stored(i, sequence)
		}
		s.got.add(len(through), m.now)
	}
	s.stats.Open = 0
	m.repeat(Sink(i))
	for _, sequence := range s.ledger.Open() {
		if b := m.window[sequence]; b.out != nil {
			m.give(i, b.out)
		}
	}
}

// stored takes note that a sink had a batch when it started. The transform may
// still hold that batch; its answer then goes to the others alone.
func (m *Machine) stored(i int, sequence uint64) {
	b := m.window[sequence]
	if b.out != nil {
		m.done(i, sequence)
		return
	}
	b.to &^= 1 << i
	b.waiting--
	m.sinks[i].count(b.source)
}

// Transactional says that a sink stores its checkpoints itself, and that the
// last one is c, nil if there is none. It is called before the first batch.
func (m *Machine) Transactional(i int, c *ledger.Checkpoint) {
	m.sinks[i].transactional = true
	m.sinks[i].ledger = ledger.New(c)
}

// Resume returns where a source that starts now begins: for each sink the
// checkpoint of what was received for it, and the sequence of the first batch.
// Changes of state that no batch has followed are dropped; the source repeats them.
func (m *Machine) Resume() (checkpoints []*ledger.Checkpoint, next uint64) {
	for _, s := range m.sinks {
		s.pending, s.pendingBytes = nil, 0
		c := s.ledger.Received()
		if c != nil {
			c = c.Clone()
		}
		checkpoints = append(checkpoints, c)
	}
	return checkpoints, m.next
}

// End says that the source sends no more.
func (m *Machine) End() { m.ended = true }

// Drained says whether the source has ended and all it sent is durable.
func (m *Machine) Drained() bool { return m.ended && len(m.window) == 0 }

// InFlight returns the bytes of the batches that the machine holds.
func (m *Machine) InFlight() int64 { return m.inFlight }

// Stats returns the counts of a sink.
func (m *Machine) Stats(i int) SinkStats {
	s := m.sinks[i].stats
	if c := m.sinks[i].ledger.Durable(); c != nil {
		s.Position = positionText(c.Position)
	}
	return s
}

// Durable returns the position that a sink has made durable, nil if there is none.
// It must not be changed.
func (m *Machine) Durable(i int) []byte {
	c := m.sinks[i].ledger.Durable()
	if c == nil {
		return nil
	}
	return c.Position
}

// positionText shows a position to a person. Only the source understands it, but
// sources write text behind the number that the SDK puts before it.
func positionText(b []byte) string {
	_, n := binary.Uvarint(b)
	return strings.ToValidUTF8(string(b[max(n, 0):]), "?")
}

// Moved returns by which batches a sink's checkpoint has moved since the last call.
func (m *Machine) Moved(i int) []ledger.Entry {
	moved := m.sinks[i].moved
	m.sinks[i].moved = nil
	return moved
}

// Stored takes note that the store has a checkpoint of the sink.
func (m *Machine) Stored(i int) { m.sinks[i].stored = true }

// Holding says whether the source has to wait because a sink has begun, and that
// is not stored yet. Without that rule, a host that dies now would leave a sink
// with records that nobody knows of.
func (m *Machine) Holding() bool {
	return slices.ContainsFunc(m.sinks, func(s *sinkState) bool { return s.fresh() && s.begins })
}

// begin takes an empty batch that is the first of a sink as durable: it says only
// where the sink begins, and is stored before any record follows.
func (s *sinkState) begin(sequence uint64) bool {
	if len(s.ledger.Open()) != 1 {
		return false
	}
	moved, err := s.ledger.Ack(sequence)
	if err != nil {
		return false
	}
	s.moved = append(s.moved, moved...)
	s.begins = true
	return true
}

// Fresh says whether a sink has no checkpoint yet that the host has to store.
func (m *Machine) Fresh() bool { return slices.ContainsFunc(m.sinks, (*sinkState).fresh) }

func (s *sinkState) fresh() bool { return !s.stored && !s.transactional }

// IsTransactional says whether a sink stores its checkpoints itself.
func (m *Machine) IsTransactional(i int) bool { return m.sinks[i].transactional }
