package flow

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/core/ledger"
	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// Machine is the flow of one pipeline.
//
// A batch comes from the source, goes to the transform, comes back as one batch
// of the same sequence, goes to each sink that needs it, and is let go when all
// of those have acknowledged it. Whatever is lost with a plugin's process is
// sent again when Up reports the next one.
type Machine struct {
	transform bool
	sinks     []*sinkState
	next      uint64 // sequence of the next batch of the source
	answered  uint64 // sequence of the last batch that left the transform
	sends     progress
	answer    progress
	ended     bool

	window    map[uint64]*batch
	inFlight  int64
	delivered int64            // of these, what the sinks have been given
	now       int64            // of the rim, microseconds since 1970
	fromStage [2]announcements // schemas announced by source and by transform
	effects   []Effect
}

// Effect is what the rim has to do.
type Effect struct {
	// To is the stage that Frame is sent to.
	To    Stage
	Frame *frame.Frame
	// Release is a frame that nobody needs any more.
	Release *frame.Frame
}

// batch is one batch on its way.
type batch struct {
	source  *frame.Frame // until the transform has answered
	out     *frame.Frame // what the sinks get
	state   int64        // bytes of the changes of state that belong to it
	waiting int          // sinks that have not acknowledged it
	to      uint64       // the sinks that are sent it
	// sent is when it was given to the transform, or to the sinks after that.
	sent int64
}

type sinkState struct {
	ledger *ledger.Ledger
	// transactional sinks get the changes of source state before the batch.
	transactional bool
	// stored says that the host's store has a checkpoint of the sink, and begins
	// that it has to store one before anything follows.
	stored, begins bool

	got progress // by what the checkpoint has moved

	pending      []ledger.StateChange // waits for the next batch
	pendingBytes int64
	moved        []ledger.Entry // durable, and not collected by the rim yet
	stats        SinkStats
}

// SinkStats are counts of one sink.
type SinkStats struct {
	Batches, Records, Bytes uint64
	// Time of the newest record, or heartbeat, that is durable, microseconds since 1970.
	Time int64
	// LastRecord is Time without the batches that have no record, which heartbeats make.
	LastRecord int64
	// Open batches: given to the sink and not acknowledged.
	Open int
	// Position of the checkpoint, as far as it is text; empty if there is none.
	Position string
}

// NewMachine makes a flow to so many sinks. A sink's checkpoint is nil if it has none.
func NewMachine(transform bool, checkpoints []*ledger.Checkpoint) *Machine {
	m := &Machine{transform: transform, next: 1, window: map[uint64]*batch{}}
	for _, c := range checkpoints {
		m.sinks = append(m.sinks, &sinkState{ledger: ledger.New(c), stored: c != nil})
	}
	return m
}

// Receive takes a frame that a stage has sent. The machine keeps the frame.
func (m *Machine) Receive(from Stage, f *frame.Frame) ([]Effect, error) {
	m.effects = m.effects[:0]
	err := checkHeader(f)
	switch {
	case err != nil:
	case from == Source:
		err = m.fromSource(f)
	case from == Transform:
		err = m.fromTransform(f)
	default:
		err = m.fromSink(from.sink(), f)
	}
	return m.effects, err
}

func (m *Machine) fromSource(f *frame.Frame) error {
	if m.ended && f.Type != frame.End {
		return violation("source sent a %v frame after its end", f.Type)
	}
	switch f.Type {
	case frame.Schema:
		return m.announce(Source, f)
	case frame.State:
		return m.state(f)
	case frame.Batch:
		return m.batch(f)
	case frame.End:
		m.ended = true
		return nil
	default:
		return violation("source sent a %v frame", f.Type)
	}
}

func (m *Machine) batch(f *frame.Frame) error {
	if f.Sequence != m.next {
		return violation("source sent batch %d, want %d", f.Sequence, m.next)
	}
	if err := m.checkSinks(f); err != nil {
		return err
	}
	if err := checkCount("source", f); err != nil {
		return err
	}
	if err := checkPosition(f); err != nil {
		return err
	}
	b := &batch{sent: m.now}
	position := append([]byte(nil), f.Position...)
	for i, s := range m.sinks {
		if f.Sinks&(1<<i) == 0 {
			continue
		}
		if err := s.ledger.Give(ledger.Entry{Sequence: f.Sequence, Position: position, State: s.pending}); err != nil {
			return violation("sink %d: %v", i, err)
		}
		b.state = max(b.state, s.pendingBytes) // the sinks share the bytes
		s.pending, s.pendingBytes = nil, 0
		if f.Count == 0 && s.fresh() && s.stats.Batches == 0 && s.begin(f.Sequence) {
			continue
		}
		b.waiting++
		b.to |= 1 << i
	}
	m.next++
	if f.Count > 0 {
		m.sends.add(1, m.now)
	}
	m.window[f.Sequence] = b
	m.inFlight += int64(f.Size()) + b.state
	if m.transform {
		b.source = f
		m.send(Transform, f)
		return nil
	}
	m.answered = f.Sequence
	m.deliver(b, f)
	return nil
}

func (m *Machine) fromTransform(f *frame.Frame) error {
	switch f.Type {
	case frame.Schema:
		return m.announce(Transform, f)
	case frame.Batch:
		b := m.window[f.Sequence]
		if b == nil || b.source == nil || f.Sequence != m.answered+1 {
			return violation("transform answered batch %d, want %d", f.Sequence, m.answered+1)
		}
		if err := checkAnswer(b.source, f); err != nil {
			return err
		}
		m.answered = f.Sequence
		m.answer.add(1, m.now)
		m.inFlight += int64(f.Size() - b.source.Size())
		m.release(b.source)
		b.source = nil
		m.deliver(b, f)
		return nil
	default:
		return violation("transform sent a %v frame", f.Type)
	}
}

func (m *Machine) deliver(b *batch, f *frame.Frame) {
	b.out, b.sent = f, m.now
	m.delivered += int64(f.Size())
	for i := range m.sinks {
		if b.to&(1<<i) != 0 {
			m.give(i, f)
		}
	}
	if b.waiting == 0 {
		m.forget(f.Sequence)
	}
}

// forget lets a batch go that no sink waits for.
func (m *Machine) forget(sequence uint64) {
	b := m.window[sequence]
	delete(m.window, sequence)
	m.inFlight -= int64(b.out.Size()) + b.state
	m.delivered -= int64(b.out.Size())
	m.release(b.out)
}

func (m *Machine) give(i int, f *frame.Frame) {
	s := m.sinks[i]
	s.stats.Open++
	if s.transactional {
		if e, ok := s.ledger.Entry(f.Sequence); ok && len(e.State) > 0 {
			m.send(Sink(i), stateFrame(e.State, uint64(1)<<i))
		}
	}
	m.send(Sink(i), f)
}

func (m *Machine) fromSink(i int, f *frame.Frame) error {
	defer m.release(f)
	if f.Type != frame.Ack {
		return violation("sink sent a %v frame", f.Type)
	}
	b := m.window[f.Sequence]
	if b == nil || b.out == nil {
		return violation("sink acknowledged batch %d, which it was not sent", f.Sequence)
	}
	moved, err := m.sinks[i].ledger.Ack(f.Sequence)
	if err != nil {
		return violation("%v", err)
	}
	m.done(i, f.Sequence)
	m.sinks[i].got.add(len(moved), m.now)
	m.sinks[i].moved = append(m.sinks[i].moved, moved...)
	return nil
}

// done takes note that a sink has made a batch durable.
func (m *Machine) done(i int, sequence uint64) {
	b := m.window[sequence]
	m.sinks[i].stats.Open--
	m.sinks[i].count(b.out)
	if b.waiting--; b.waiting == 0 {
		m.forget(sequence)
	}
}

// count takes a batch into the sink's figures.
func (s *sinkState) count(f *frame.Frame) {
	s.stats.Batches++
	s.stats.Records += uint64(f.Count)
	s.stats.Bytes += uint64(f.Size())
	s.stats.Time = max(s.stats.Time, f.Time)
	if f.Count > 0 {
		s.stats.LastRecord = max(s.stats.LastRecord, f.Time)
	}
}

// state keeps changes of source state until the next batch for their sinks.
func (m *Machine) state(f *frame.Frame) error {
	defer m.release(f)
	if err := m.checkSinks(f); err != nil {
		return err
	}
	var msg leatv1.StateChange
	if err := proto.Unmarshal(f.Payload, &msg); err != nil {
		return violation("state frame: %v", err)
	}
	var changes []ledger.StateChange
	for _, k := range slices.Sorted(maps.Keys(msg.GetSet())) {
		// Nil would remove the entry.
		changes = append(changes, ledger.StateChange{Key: k, Value: append([]byte{}, msg.GetSet()[k]...)})
	}
	for _, k := range msg.GetRemoved() {
		changes = append(changes, ledger.StateChange{Key: k})
	}
	for i, s := range m.sinks {
		if f.Sinks&(1<<i) == 0 {
			continue
		}
		if err := s.wait(changes, int64(f.Size()+len(changes)*ledger.EntryCost)); err != nil {
			return err
		}
	}
	return nil
}

func stateFrame(changes []ledger.StateChange, sinks uint64) *frame.Frame {
	msg := &leatv1.StateChange{Set: map[string][]byte{}}
	for _, c := range changes {
		if c.Value == nil {
			msg.Removed = append(msg.Removed, c.Key)
		} else {
			msg.Set[c.Key] = c.Value
		}
	}
	b, err := proto.Marshal(msg)
	if err != nil {
		panic(err) // a map of strings and bytes always has a form
	}
	return &frame.Frame{Header: frame.Header{Type: frame.State, Sinks: sinks}, Payload: b}
}

func (m *Machine) send(to Stage, f *frame.Frame) {
	m.effects = append(m.effects, Effect{To: to, Frame: f})
}

func (m *Machine) release(f *frame.Frame) {
	m.effects = append(m.effects, Effect{Release: f})
}
