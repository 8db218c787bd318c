package frame

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// putHeader writes the frame's header, checksum included, into b.
func (f *Frame) putHeader(b []byte) {
	le := binary.LittleEndian
	le.PutUint32(b[offLength:], uint32(f.Size()-lengthSize))
	b[offVersion] = Version
	b[offType] = byte(f.Type)
	le.PutUint16(b[offFlags:], f.Flags)
	le.PutUint32(b[offStream:], f.Stream)
	le.PutUint32(b[offCount:], f.Count)
	le.PutUint64(b[offSequence:], f.Sequence)
	le.PutUint64(b[offSinks:], f.Sinks)
	le.PutUint64(b[offTime:], uint64(f.Time))
	le.PutUint32(b[offPosition:], uint32(len(f.Position)))
	sum := crc32.Update(0, castagnoli, b[:offChecksum])
	sum = crc32.Update(sum, castagnoli, f.Position)
	le.PutUint32(b[offChecksum:], crc32.Update(sum, castagnoli, f.Payload))
}

// parse reads a whole frame; the frame refers to raw.
func parse(raw []byte) (*Frame, error) {
	if len(raw) < HeaderSize {
		return nil, ErrTooShort
	}
	if v := raw[offVersion]; v != Version {
		return nil, fmt.Errorf("%w: %d, this side speaks %d", ErrVersion, v, Version)
	}
	le := binary.LittleEndian
	f := &Frame{raw: raw, Header: Header{
		Type:     Type(raw[offType]),
		Flags:    le.Uint16(raw[offFlags:]),
		Stream:   le.Uint32(raw[offStream:]),
		Count:    le.Uint32(raw[offCount:]),
		Sequence: le.Uint64(raw[offSequence:]),
		Sinks:    le.Uint64(raw[offSinks:]),
		Time:     int64(le.Uint64(raw[offTime:])),
	}}
	if !f.Type.valid() {
		return nil, fmt.Errorf("%w: %d", ErrType, f.Type)
	}
	sum := crc32.Update(0, castagnoli, raw[:offChecksum])
	if crc32.Update(sum, castagnoli, raw[HeaderSize:]) != le.Uint32(raw[offChecksum:]) {
		return nil, ErrChecksum
	}
	body := raw[HeaderSize:]
	n := le.Uint32(raw[offPosition:])
	if uint64(n) > uint64(len(body)) {
		return nil, ErrPosition
	}
	f.Position, f.Payload = body[:n:n], body[n:]
	return f, nil
}
