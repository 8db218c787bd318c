package sdk

import (
	"encoding/binary"
	"math"
)

// The payload of a batch is a run of entries: kind (one byte), length (four
// bytes, little-endian), body. Numbers within a body are varints (signed ones in
// zigzag form), strings and byte slices stand behind their length, ids of
// schemas take eight bytes. docs/protocol.md has the fields of each.
const (
	entryOrigin  = 1
	entryChange  = 2
	entryTarget  = 3
	entryMessage = 4

	entryHeader = 5
)

// Flags of a change's body: a bit for each part that is there, and StateOnly.
const (
	hasKey = 1 << iota
	hasOldKey
	hasBefore
	hasAfter
	changeStateOnly

	changeFlags = changeStateOnly<<1 - 1
)

// Flags of a message's body.
const (
	hasMessageKey = 1 << iota
	hasMessageValue
	messageStateOnly

	messageFlags = messageStateOnly<<1 - 1
)

// packer appends entries to a buffer.
type packer struct{ buf []byte }

func (p *packer) begin(kind byte) int {
	p.buf = append(p.buf, kind, 0, 0, 0, 0)
	return len(p.buf)
}

func (p *packer) end(start int) {
	binary.LittleEndian.PutUint32(p.buf[start-4:], uint32(len(p.buf)-start))
}

func (p *packer) uint(v uint64)   { p.buf = binary.AppendUvarint(p.buf, v) }
func (p *packer) int(v int64)     { p.buf = binary.AppendVarint(p.buf, v) }
func (p *packer) id(v SchemaID)   { p.buf = binary.LittleEndian.AppendUint64(p.buf, uint64(v)) }
func (p *packer) bytes(b []byte)  { p.uint(uint64(len(b))); p.buf = append(p.buf, b...) }
func (p *packer) string(s string) { p.uint(uint64(len(s))); p.buf = append(p.buf, s...) }

func (p *packer) origin(o *Origin) {
	start := p.begin(entryOrigin)
	p.int(o.Time)
	p.string(o.Transaction)
	p.string(o.Log)
	p.uint(o.Epoch)
	p.uint(o.LogNumber)
	p.uint(uint64(o.Server))
	p.uint(o.Thread)
	p.string(o.Query)
	p.end(start)
}

func (p *packer) change(c *Change) {
	start := p.begin(entryChange)
	flags := flag(c.Key, hasKey) | flag(c.OldKey, hasOldKey) | flag(c.Before, hasBefore) | flag(c.After, hasAfter)
	if c.StateOnly {
		flags |= changeStateOnly
	}
	p.buf = append(p.buf, byte(c.Op), byte(c.Snapshot), flags)
	p.id(c.Schema)
	p.uint(c.Offset)
	p.uint(uint64(c.Row))
	for _, part := range [...][]byte{c.Key, c.OldKey, c.Before, c.After} {
		if part != nil {
			p.bytes(part)
		}
	}
	p.end(start)
}

func (p *packer) target(t *Target) {
	start := p.begin(entryTarget)
	p.string(t.Topic)
	p.id(t.KeySchema)
	p.id(t.ValueSchema)
	p.headers(t.Headers)
	p.end(start)
}

func (p *packer) message(m *Message) {
	start := p.begin(entryMessage)
	p.uint(uint64(m.Target))
	flags := flag(m.Key, hasMessageKey) | flag(m.Value, hasMessageValue)
	if m.StateOnly {
		flags |= messageStateOnly
	}
	p.buf = append(p.buf, flags)
	p.int(m.Time)
	for _, n := range m.Order {
		p.uint(n)
	}
	if m.Key != nil {
		p.bytes(m.Key)
	}
	if m.Value != nil {
		p.bytes(m.Value)
	}
	p.headers(m.Headers)
	p.end(start)
}

func (p *packer) headers(hs []Header) {
	p.uint(uint64(len(hs)))
	for _, h := range hs {
		p.string(h.Key)
		p.bytes(h.Value)
	}
}

func flag(part []byte, bit byte) byte {
	if part == nil {
		return 0
	}
	return bit
}

// unpacker reads a body; the first fault makes bad true, and all that follows
// reads as zero.
type unpacker struct {
	buf []byte
	bad bool
}

func (u *unpacker) fail() { u.buf, u.bad = nil, true }

func (u *unpacker) byte() byte {
	if len(u.buf) < 1 {
		u.fail()
		return 0
	}
	b := u.buf[0]
	u.buf = u.buf[1:]
	return b
}

// uint reads small numbers, which most are, without a loop.
func (u *unpacker) uint() uint64 {
	if len(u.buf) > 0 && u.buf[0] < 0x80 {
		v := u.buf[0]
		u.buf = u.buf[1:]
		return uint64(v)
	}
	return u.longUint()
}

func (u *unpacker) longUint() uint64 {
	v, n := binary.Uvarint(u.buf)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.buf = u.buf[n:]
	return v
}

// flags refuses bits that are not known: what they ask for would not be done.
func (u *unpacker) flags(known byte) byte {
	flags := u.byte()
	if flags&^known != 0 {
		u.fail()
	}
	return flags
}

func (u *unpacker) uint32() uint32 {
	v := u.uint()
	if v > math.MaxUint32 {
		u.fail()
		return 0
	}
	return uint32(v)
}

func (u *unpacker) int() int64 {
	v, n := binary.Varint(u.buf)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.buf = u.buf[n:]
	return v
}

func (u *unpacker) id() SchemaID {
	if len(u.buf) < 8 {
		u.fail()
		return 0
	}
	v := binary.LittleEndian.Uint64(u.buf)
	u.buf = u.buf[8:]
	return SchemaID(v)
}

func (u *unpacker) bytes() []byte {
	n := u.uint()
	if n > uint64(len(u.buf)) {
		u.fail()
		return nil
	}
	b := u.buf[:n:n]
	u.buf = u.buf[n:]
	return b
}

func (u *unpacker) optional(there bool) []byte {
	if !there {
		return nil
	}
	return u.bytes()
}

func (u *unpacker) string() string { return string(u.bytes()) }

// same reads a string, and returns the one before it if they are equal.
func (u *unpacker) same(before string) string {
	if b := u.bytes(); string(b) != before {
		return string(b)
	}
	return before
}

func (u *unpacker) headers(into []Header) []Header {
	n := u.uint()
	if n > maxHeaders || 2*n > uint64(len(u.buf)) {
		u.fail()
		return into[:0]
	}
	into = into[:0]
	for range n {
		into = append(into, Header{Key: u.string(), Value: u.bytes()})
	}
	return into
}

func (u *unpacker) origin(o *Origin) {
	o.Time = u.int()
	o.Transaction = u.same(o.Transaction)
	o.Log = u.same(o.Log)
	o.Epoch = u.uint()
	o.LogNumber = u.uint()
	o.Server = u.uint32()
	o.Thread = u.uint()
	o.Query = u.same(o.Query)
}

func (u *unpacker) change(c *Change) {
	c.Op, c.Snapshot = Op(u.byte()), Snapshot(u.byte())
	if !c.Op.valid() || c.Snapshot > SnapshotIncremental {
		u.fail()
	}
	flags := u.flags(changeFlags)
	c.StateOnly = flags&changeStateOnly != 0
	c.Schema = u.id()
	c.Offset = u.uint()
	c.Row = u.uint32()
	c.Key = u.optional(flags&hasKey != 0)
	c.OldKey = u.optional(flags&hasOldKey != 0)
	c.Before = u.optional(flags&hasBefore != 0)
	c.After = u.optional(flags&hasAfter != 0)
}

func (u *unpacker) target(t *Target) {
	t.Topic = u.string()
	t.KeySchema, t.ValueSchema = u.id(), u.id()
	t.Headers = u.headers(nil)
}

func (u *unpacker) message(m *Message) {
	m.Target = int(u.uint32())
	flags := u.flags(messageFlags)
	m.StateOnly = flags&messageStateOnly != 0
	m.Time = u.int()
	for i := range m.Order {
		m.Order[i] = u.uint()
	}
	m.Key = u.optional(flags&hasMessageKey != 0)
	m.Value = u.optional(flags&hasMessageValue != 0)
	m.Headers = u.headers(m.Headers)
}
