package sdk

import (
	"fmt"

	"github.com/leat-io/leat/sdk/frame"
)

// Batch is a run of records in the order in which they happened.
type Batch struct {
	frame   *frame.Frame
	schemas *schemas

	// State has the changes of source state that belong to the batch's position.
	// Only sinks that are transactional get them.
	State []StateChange
}

// StateChange sets the entry Key of the source state, or removes it if Value is nil.
type StateChange struct {
	Key   string
	Value []byte
}

// Len returns the number of records.
func (b *Batch) Len() int { return int(b.frame.Count) }

// Size returns the number of bytes the batch takes in memory.
func (b *Batch) Size() int { return b.frame.Size() }

// Sequence numbers the batches, rising by one in the stream of the source.
func (b *Batch) Sequence() uint64 { return b.frame.Sequence }

// Time of the newest record in microseconds since 1970, 0 if unknown.
func (b *Batch) Time() int64 { return b.frame.Time }

// Position returns where the source resumes once the batch is done, in its
// binary form.
func (b *Batch) Position() []byte { return b.frame.Position }

// Records walks through the records.
func (b *Batch) Records() *Records {
	return &Records{rest: b.frame.Payload, left: b.frame.Count, counted: true}
}

// RowSchema returns the schema of a change's rows.
func (b *Batch) RowSchema(id SchemaID) (*RowSchema, error) {
	s, ok := b.schemas.get(id)
	if !ok || s.Row == nil {
		return nil, Permanent(fmt.Errorf("%w: row schema %v was not announced", ErrRecord, id))
	}
	return s.Row, nil
}

// MessageSchema returns the schema of a message's key or value.
func (b *Batch) MessageSchema(id SchemaID) (*MessageSchema, error) {
	s, ok := b.schemas.get(id)
	if !ok || s.Message == nil {
		return nil, Permanent(fmt.Errorf("%w: message schema %v was not announced", ErrRecord, id))
	}
	return s.Message, nil
}
