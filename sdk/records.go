package sdk

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrRecord is returned for a batch whose payload cannot be read.
var ErrRecord = errors.New("malformed record")

// Records walks through the records of a batch:
//
//	it := batch.Records()
//	for it.Next() {
//		switch {
//		case it.Change() != nil: …
//		case it.Message() != nil: …
//		}
//	}
//	return it.Err()
//
// What Change and Message return is valid until the next call of Next; the byte
// slices in it as long as the batch.
type Records struct {
	rest    []byte
	kind    byte
	origin  Origin
	placed  bool // origin is that of the changes which follow
	change  Change
	message Message
	targets []*Target
	left    uint32 // records to come, if counted
	counted bool
	err     error
}

// NewRecords walks through the payload of a batch frame.
func NewRecords(payload []byte) *Records { return &Records{rest: payload} }

// Next goes to the next record and says whether there is one.
func (r *Records) Next() bool {
	for r.err == nil && len(r.rest) > 0 {
		kind, body, ok := r.entry()
		if !ok {
			return r.fail("entry of kind %d is cut short", kind)
		}
		u := unpacker{buf: body}
		r.kind = kind
		r.read(kind, &u)
		if u.bad || len(u.buf) > 0 {
			return r.fail("entry of kind %d has a bad body", kind)
		}
		switch kind {
		case entryChange:
			r.change.Origin = &r.origin
			r.left--
			return r.placed || r.fail("change without an origin")
		case entryMessage:
			r.left--
			return r.message.Target < len(r.targets) || r.fail("message for the unknown target %d", r.message.Target)
		case entryOrigin, entryTarget:
		default:
			return r.fail("unknown kind of entry %d", kind)
		}
	}
	r.kind = 0
	if r.err == nil && r.counted && r.left != 0 {
		return r.fail("the batch has another number of records than it says")
	}
	return false
}

func (r *Records) entry() (kind byte, body []byte, ok bool) {
	if len(r.rest) < entryHeader {
		return r.rest[0], nil, false
	}
	kind = r.rest[0]
	n := binary.LittleEndian.Uint32(r.rest[1:])
	rest := r.rest[entryHeader:]
	if uint64(n) > uint64(len(rest)) {
		return kind, nil, false
	}
	r.rest = rest[n:]
	return kind, rest[:n:n], true
}

func (r *Records) read(kind byte, u *unpacker) {
	switch kind {
	case entryOrigin:
		u.origin(&r.origin)
		r.placed = true
	case entryChange:
		u.change(&r.change)
	case entryTarget:
		t := new(Target)
		u.target(t)
		r.targets = append(r.targets, t)
	case entryMessage:
		u.message(&r.message)
	default:
		u.buf = nil
	}
}

func (r *Records) fail(format string, args ...any) bool {
	r.kind = 0
	r.err = Permanent(fmt.Errorf("%w: "+format, append([]any{ErrRecord}, args...)...))
	return false
}

// Change returns the record if it is a change, else nil.
func (r *Records) Change() *Change {
	if r.kind != entryChange {
		return nil
	}
	return &r.change
}

// Message returns the record if it is a message, else nil.
func (r *Records) Message() *Message {
	if r.kind != entryMessage {
		return nil
	}
	return &r.message
}

// Target returns the target of the current message. It stays the same, pointer
// included, for all messages of the batch that have it.
func (r *Records) Target() *Target { return r.targets[r.message.Target] }

// Err returns what ended the walk early, nil at the end of the batch.
func (r *Records) Err() error { return r.err }
