package main

import (
	"encoding/binary"

	"github.com/leat-io/leat/sdk"
)

// payload packs messages as docs/protocol.md says; the SDK packs only for
// transforms that it runs.
type payload struct {
	buf     []byte
	count   uint32
	targets int
}

// target makes a target known and returns its number.
func (p *payload) target(t sdk.Target) int {
	var b []byte
	b = appendBytes(b, []byte(t.Topic))
	b = binary.LittleEndian.AppendUint64(b, uint64(t.KeySchema))
	b = binary.LittleEndian.AppendUint64(b, uint64(t.ValueSchema))
	p.entry(3, appendHeaders(b, t.Headers))
	p.targets++
	return p.targets - 1
}

func (p *payload) message(m sdk.Message) {
	b := binary.AppendUvarint(nil, uint64(m.Target))
	var flags byte
	if m.Key != nil {
		flags |= 1
	}
	if m.Value != nil {
		flags |= 2
	}
	if m.StateOnly {
		flags |= 4
	}
	b = binary.AppendVarint(append(b, flags), m.Time)
	for _, n := range m.Order {
		b = binary.AppendUvarint(b, n)
	}
	for _, part := range [][]byte{m.Key, m.Value} {
		if part != nil {
			b = appendBytes(b, part)
		}
	}
	p.entry(4, appendHeaders(b, m.Headers))
	p.count++
}

// change packs an origin and a change, which the sink does not take.
func (p *payload) change() {
	p.entry(1, make([]byte, 8))
	p.entry(2, append([]byte{'c', 0, 0}, make([]byte, 10)...))
	p.count++
}

func (p *payload) entry(kind byte, body []byte) {
	p.buf = append(p.buf, kind)
	p.buf = binary.LittleEndian.AppendUint32(p.buf, uint32(len(body)))
	p.buf = append(p.buf, body...)
}

func appendHeaders(b []byte, hs []sdk.Header) []byte {
	b = binary.AppendUvarint(b, uint64(len(hs)))
	for _, h := range hs {
		b = appendBytes(appendBytes(b, []byte(h.Key)), h.Value)
	}
	return b
}

func appendBytes(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}
