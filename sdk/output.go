package sdk

import (
	"github.com/leat-io/leat/sdk/frame"
)

// Output takes what a Transform makes of one batch. It is not safe for
// concurrent use.
type Output struct {
	frames    *frame.Writer
	announced map[SchemaID]bool
	pack      packer
	count     uint32
	targets   int
	err       error
}

func newOutput(frames *frame.Writer) *Output {
	return &Output{frames: frames, announced: map[SchemaID]bool{}}
}

// RowSchema announces a row schema, once, and returns the id that changes refer to it by.
func (o *Output) RowSchema(s *RowSchema) (SchemaID, error) { return o.announce(Schema{Row: s}) }

// MessageSchema announces a message schema, once, and returns the id that
// targets refer to it by.
func (o *Output) MessageSchema(s *MessageSchema) (SchemaID, error) {
	return o.announce(Schema{Message: s})
}

func (o *Output) announce(s Schema) (SchemaID, error) {
	b, id, err := s.Encode()
	if err != nil || o.announced[id] {
		return id, err
	}
	o.announced[id] = true
	return id, o.send(&frame.Frame{Header: frame.Header{Type: frame.Schema, Sequence: uint64(id)}, Payload: b})
}

// Origin sets where and when the changes that follow happened.
func (o *Output) Origin(origin *Origin) { o.pack.origin(origin) }

// Change writes a change.
func (o *Output) Change(c *Change) {
	o.pack.change(c)
	o.count++
}

// Target makes t known in this batch and returns the number that messages name it by.
func (o *Output) Target(t *Target) int {
	o.pack.target(t)
	o.targets++
	return o.targets - 1
}

// Message writes a message.
func (o *Output) Message(m *Message) {
	o.pack.message(m)
	o.count++
}

// finish sends the batch in answer to in.
func (o *Output) finish(in *frame.Frame) error {
	h := in.Header
	h.Count = o.count
	err := o.send(&frame.Frame{Header: h, Position: in.Position, Payload: o.pack.buf})
	o.reset()
	return err
}

func (o *Output) reset() {
	o.count, o.targets = 0, 0
	o.pack.buf = o.pack.buf[:0]
	if cap(o.pack.buf) > 8*hardBytes {
		o.pack.buf = nil // one large row shall not be paid for ever
	}
}

func (o *Output) send(f *frame.Frame) error {
	if err := o.frames.Write(f); err != nil && o.err == nil {
		o.err = sendError(f, err)
	}
	return o.err
}
