package main

import (
	"time"

	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/sdk"
)

// output is the part of sdk.Output that takes messages.
type output interface {
	Target(t *sdk.Target) int
	Message(m *sdk.Message)
}

// Ordinals of the messages of one change, the last number of Message.Order: the
// delete half of an update that changed the key comes first, and a tombstone has
// the place of its delete.
const (
	firstHalf = 0
	whole     = 1
)

// emitter makes messages of changes. It keeps its buffers, so that a change
// costs no memory.
type emitter struct {
	tombstones bool
	keyChange  bool
	headers    []sdk.Header
	now        func() time.Time

	batch   uint64
	message sdk.Message
	key     []byte
	values  *envelope.Writer
	value   []byte
	text    []byte
	counts  [256]uint64
}

// tombstone is counted like an operation.
const tombstone sdk.Op = 0

func newEmitter(c Config, context []sdk.Header) *emitter {
	return &emitter{
		tombstones: c.Tombstones, keyChange: c.Headers != headersNone, headers: context,
		now: time.Now, values: envelope.NewWriter(time.Now()),
	}
}

// begin starts a batch, whose messages are all made at once: a clock costs as
// much as a fifth of a message.
func (e *emitter) begin() {
	e.batch++
	e.tick()
}

// tick sets the time at which the messages that follow are made.
func (e *emitter) tick() {
	now := e.now()
	e.message.Time = now.UnixMilli()
	e.values.Begin(now)
}

// change writes the messages of c.
func (e *emitter) change(t *table, c *sdk.Change, out output) error {
	if err := t.plan.Check(c); err != nil {
		return err
	}
	e.message.Order = [4]uint64{c.Origin.Epoch, c.Origin.LogNumber, c.Offset, uint64(c.Row)*2 + whole}
	e.message.Headers = e.message.Headers[:0]
	e.message.StateOnly = c.StateOnly
	if c.OldKey != nil {
		return e.keyChanged(t, c, out)
	}
	e.message.Target = t.target.in(e.batch, out)
	e.send(t, c, part{c.Op, c.Key, c.Before, c.After}, out)
	return nil
}

// keyChanged writes a delete of the old key and a create of the new one, each
// with a header that has the other.
func (e *emitter) keyChanged(t *table, c *sdk.Change, out output) error {
	e.message.Target = t.bare.in(e.batch, out)
	e.message.Order[3] = uint64(c.Row)*2 + firstHalf
	if err := e.otherKey(t, headerNewKey, c.Key); err != nil {
		return err
	}
	e.send(t, c, part{sdk.Delete, c.OldKey, c.Before, nil}, out)
	e.message.Order[3] = uint64(c.Row)*2 + whole
	if err := e.otherKey(t, headerOldKey, c.OldKey); err != nil {
		return err
	}
	e.send(t, c, part{sdk.Create, c.Key, nil, c.After}, out)
	return nil
}

func (e *emitter) otherKey(t *table, header string, key []byte) error {
	e.message.Headers = e.message.Headers[:0]
	if !e.keyChange {
		return nil
	}
	text, err := t.plan.KeyText(e.text[:0], key)
	if err != nil {
		return err
	}
	e.text = text
	e.message.Headers = append(append(e.message.Headers, sdk.Header{Key: header, Value: text}), e.headers...)
	return nil
}

// trim lets go of buffers that one large row has blown up.
func (e *emitter) trim() {
	const limit = 4 << 20
	if cap(e.key) > limit {
		e.key = nil
	}
	if cap(e.value) > limit {
		e.value = nil
	}
	e.message.Key, e.message.Value = nil, nil
}

// part is one envelope of a change.
type part struct {
	op                 sdk.Op
	key, before, after []byte
}

// send writes an envelope, and the tombstone of a delete.
func (e *emitter) send(t *table, c *sdk.Change, p part, out output) {
	e.message.Key = nil
	if p.key != nil {
		e.key = t.plan.AppendKey(e.key[:0], p.key)
		e.message.Key = e.key
	}
	e.value = e.values.AppendValue(e.value[:0], t.plan, c, p.op, p.before, p.after)
	e.message.Value = e.value
	out.Message(&e.message)
	e.counts[p.op]++
	if p.op == sdk.Delete && e.tombstones {
		e.message.Value = nil
		out.Message(&e.message)
		e.counts[tombstone]++
	}
}
