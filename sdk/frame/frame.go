// Package frame is the data plane: length-prefixed frames on a unix socket.
//
// A frame has a fixed header, a position and a payload. The host routes frames
// by their headers and never looks into a position or a payload. Start reading
// at the layout below; docs/protocol.md says who sends which frame when.
package frame

import (
	"errors"
	"sync/atomic"
)

// Layout of a frame. All numbers are little-endian.
//
//	offset size field
//	0      4    length of all that follows these four bytes
//	4      1    version
//	5      1    type
//	6      2    flags
//	8      4    stream
//	12     4    count of records in the payload
//	16     8    sequence of the batch, or id of the schema
//	24     8    sinks: a bit for each sink that needs the frame
//	32     8    time of the newest record, microseconds since 1970 (0: unknown)
//	40     4    length of the position
//	44     4    checksum: CRC-32C of the frame with this field left out
//	48     …    position, then payload
const (
	// Version of the layout.
	Version = 1
	// HeaderSize is the length of the fixed header, the length field included.
	HeaderSize = 48
	// MaxSize is the largest frame that is read or written: a batch closes at
	// 1 MiB, but one row can be as large as MySQL's max_allowed_packet.
	MaxSize = 256 << 20

	offLength   = 0
	offVersion  = 4
	offType     = 5
	offFlags    = 6
	offStream   = 8
	offCount    = 12
	offSequence = 16
	offSinks    = 24
	offTime     = 32
	offPosition = 40
	offChecksum = 44
	lengthSize  = 4
)

// Errors of a frame that cannot be read.
var (
	ErrTooLarge = errors.New("frame is larger than the limit")
	ErrTooShort = errors.New("frame is shorter than its header")
	ErrVersion  = errors.New("frame has an unknown version")
	ErrType     = errors.New("frame has an unknown type")
	ErrPosition = errors.New("frame's position is longer than the frame")
	ErrChecksum = errors.New("frame's checksum does not match its bytes")
)

// Type says what a frame carries.
type Type uint8

// The types of frames.
const (
	// Hello opens a connection: the payload is the token the host gave at Open.
	Hello Type = iota + 1
	// Schema announces a schema; its sequence is the schema's id.
	Schema
	// State changes the source state that goes into the checkpoints of the
	// frame's sinks together with the next batch for them.
	State
	// Batch carries records and the position to resume at once they are done.
	Batch
	// Ack says that the batch of that sequence is durable at the sink.
	Ack
	// Fail ends a connection with an error.
	Fail
	// End says that no more batches follow.
	End
)

var typeNames = [...]string{Hello: "hello", Schema: "schema", State: "state", Batch: "batch", Ack: "ack", Fail: "fail", End: "end"}

// String returns the type's name as docs/protocol.md has it.
func (t Type) String() string {
	if t.valid() {
		return typeNames[t]
	}
	return "unknown"
}

func (t Type) valid() bool { return t >= Hello && t <= End }

// Header is the fixed part of a frame.
type Header struct {
	Type  Type
	Flags uint16
	// Stream numbers independent sequences of one source; 0 is the only one so far.
	Stream uint32
	// Count is the number of records in the payload of a batch.
	Count uint32
	// Sequence of a batch, rising by one; the id of a schema.
	Sequence uint64
	// Sinks has bit i set if the pipeline's i-th sink needs the frame.
	Sinks uint64
	// Time of the newest record in microseconds since 1970, 0 if unknown.
	Time int64
}

// Frame is one frame. Position and Payload are valid until Release. It has one
// holder at first.
type Frame struct {
	Header
	Position []byte
	Payload  []byte

	raw  []byte       // the whole frame as read, nil if it was made here
	refs atomic.Int32 // holders beyond the first
}

// Size is the number of bytes the frame takes on the wire.
func (f *Frame) Size() int { return HeaderSize + len(f.Position) + len(f.Payload) }

// Retain adds a holder: the frame's memory stays until each has called Release.
func (f *Frame) Retain() { f.refs.Add(1) }

// Release gives the frame's memory back for later reads once its last holder
// has called it. The holder must not use the frame afterwards.
func (f *Frame) Release() {
	if f.refs.Add(-1) >= 0 || f.raw == nil {
		return
	}
	buffers.put(f.raw)
	f.raw, f.Position, f.Payload = nil, nil, nil
}
