package sdk

import (
	"github.com/leat-io/leat/sdk/frame"
)

// Output takes what a Transform makes of one batch. It is not safe for
// concurrent use.
type Output struct {
	frames *frame.Writer
	announcer
	pack    packer
	count   uint32
	targets int
	placed  bool // there is an origin for changes
	err     error
}

func newOutput(frames *frame.Writer) *Output {
	return &Output{frames: frames, announcer: newAnnouncer()}
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
	if err != nil || !o.add(s, id) {
		return id, err
	}
	return id, o.send(&frame.Frame{Header: frame.Header{Type: frame.Schema, Sequence: uint64(id)}, Payload: b})
}

// Origin sets where and when the changes that follow happened.
func (o *Output) Origin(origin *Origin) {
	o.pack.origin(origin)
	o.placed = true
}

// Change writes a change. One that no receiver could read ends the plugin with
// the batch, as does such a target or message.
func (o *Output) Change(c *Change) {
	if !o.placed {
		o.refuse(invalid("change without an origin: call Output.Origin before the first change of a batch"))
	}
	o.refuse(o.change(c))
	o.pack.change(c)
	o.count++
}

// Target makes t known in this batch and returns the number that messages name it by.
func (o *Output) Target(t *Target) int {
	o.refuse(o.target(t))
	o.pack.target(t)
	o.targets++
	return o.targets - 1
}

// Message writes a message.
func (o *Output) Message(m *Message) {
	if m.Target < 0 || m.Target >= o.targets {
		o.refuse(invalid("message for target %d, the batch has %d", m.Target, o.targets))
	}
	if len(m.Headers) > maxHeaders {
		o.refuse(invalid("message has %d headers, at most %d", len(m.Headers), maxHeaders))
	}
	o.pack.message(m)
	o.count++
}

// refuse keeps the first error, which finish returns.
func (o *Output) refuse(err error) {
	if err != nil && o.err == nil {
		o.err = err
	}
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
	o.count, o.targets, o.placed = 0, 0, false
	o.pack.buf = o.pack.buf[:0]
	if cap(o.pack.buf) > 8*hardBytes {
		o.pack.buf = nil // one large row shall not be paid for ever
	}
}

func (o *Output) send(f *frame.Frame) error {
	if o.err != nil {
		return o.err
	}
	if err := o.frames.Write(f); err != nil {
		o.err = sendError(f, err)
	}
	return o.err
}
