package sdk

import (
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/sdk/frame"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// When a batch closes.
const (
	// At the end of a transaction once it has so many records or bytes, …
	softRecords = 1000
	softBytes   = 256 << 10
	// … and anywhere at so many, …
	hardRecords = 4000
	hardBytes   = 1 << 20
	// … and after this long in any case.
	linger = 5 * time.Millisecond
	// A position without records is not worth a batch at once.
	idleLinger = 200 * time.Millisecond
)

// errNoOrigin is returned for a change before the first Origin.
var errNoOrigin = errors.New("change without an origin: call Writer.Origin at the start of each transaction")

// Writer takes the records of a Source and sends them in batches. Each record
// carries the position at which to resume once it, and all before it, is done.
// A batch is sent when it is large or old enough, or at Flush; a source that
// knows it will wait calls Flush first.
//
// The first error is final: the source returns it from Read.
type Writer struct {
	mu     sync.Mutex
	frames *frame.Writer
	next   uint64
	sinks  SinkSet
	all    SinkSet
	limit  uint32 // records that close a batch anywhere

	pack     packer
	count    uint32
	origin   Origin
	placed   int // 0: no origin yet, 1: not in this batch, 2: in this batch
	position Position
	moved    bool
	time     int64
	pos      []byte

	announcer
	timer    *time.Timer
	armed    bool
	deadline time.Time
	err      error
}

func newWriter(frames *frame.Writer, next uint64, sinks SinkSet) *Writer {
	w := &Writer{frames: frames, next: next, sinks: sinks, all: sinks, limit: hardRecords, announcer: newAnnouncer()}
	w.timer = time.AfterFunc(time.Hour, w.expire)
	w.timer.Stop()
	return w
}

// Direct says which sinks need what follows. It closes the current batch if they
// are others than before. At the start all sinks do.
func (w *Writer) Direct(sinks SinkSet) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if sinks == w.sinks {
		return w.err
	}
	if sinks&^w.all != 0 && w.err == nil {
		return invalid("records are for the sinks %b, the pipeline has %b", sinks, w.all)
	}
	err := w.flush()
	w.sinks = sinks
	return err
}

// Schema announces a row schema, once, and returns the id that changes refer to it by.
func (w *Writer) Schema(s *RowSchema) (SchemaID, error) {
	schema := Schema{Row: s}
	b, id, err := schema.Encode()
	if err != nil {
		return 0, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil || !w.add(schema, id) {
		return id, w.err
	}
	return id, w.send(&frame.Frame{Header: frame.Header{Type: frame.Schema, Sequence: uint64(id)}, Payload: b})
}

// State changes the source state. It becomes part of the checkpoints of the
// sinks together with the position of the next record or Advance, and not before.
func (w *Writer) State(changes ...StateChange) error {
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
		return fmt.Errorf("encode state: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.flush(); err != nil {
		return err
	}
	return w.send(&frame.Frame{Header: frame.Header{Type: frame.State, Sinks: uint64(w.sinks)}, Payload: b})
}

// Origin sets where and when the changes that follow happened.
func (w *Writer) Origin(o *Origin) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.origin, w.placed = *o, 1
}

// Change writes a change. p is where to resume once it is done. The change's
// slices may be used again when Change returns.
func (w *Writer) Change(c *Change, p Position) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if w.placed == 0 {
		return Permanent(errNoOrigin)
	}
	if err := w.change(c); err != nil {
		return err
	}
	if w.placed == 1 {
		w.pack.origin(&w.origin)
		w.placed = 2
	}
	w.pack.change(c)
	w.time = max(w.time, w.origin.Time)
	return w.added(p)
}

func (w *Writer) added(p Position) error {
	if w.count++; w.count == 1 {
		w.arm(linger)
	}
	w.position, w.moved = p, true
	if w.count >= w.limit || len(w.pack.buf) >= hardBytes {
		return w.flush()
	}
	return nil
}

// Advance moves the position past something that has no more records: the end of
// a transaction, or one that the configuration leaves out. at is when that
// happened, in microseconds since 1970, 0 if unknown.
func (w *Writer) Advance(p Position, at int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	w.position, w.moved = p, true
	w.time = max(w.time, at)
	if w.count == 0 {
		w.arm(idleLinger)
		return nil
	}
	if w.count >= softRecords || len(w.pack.buf) >= softBytes {
		return w.flush()
	}
	return nil
}

// Flush sends what was written.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.flush()
}

// Pending says whether records wait for their batch to close.
func (w *Writer) Pending() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count > 0
}

func (w *Writer) flush() error {
	if w.err != nil || (w.count == 0 && !w.moved) {
		return w.err
	}
	if w.sinks == 0 {
		w.err = invalid("batch %d is for no sink", w.next)
		return w.err
	}
	if w.armed {
		w.timer.Stop()
		w.armed = false
	}
	w.pos, _ = w.position.AppendBinary(w.pos[:0])
	f := frame.Frame{
		Header:   frame.Header{Type: frame.Batch, Count: w.count, Sequence: w.next, Sinks: uint64(w.sinks), Time: w.time},
		Position: w.pos,
		Payload:  w.pack.buf,
	}
	err := w.send(&f)
	w.next++
	w.count, w.moved, w.time = 0, false, 0
	w.pack.buf = w.pack.buf[:0]
	if cap(w.pack.buf) > 4*hardBytes {
		w.pack.buf = nil // one large row shall not be paid for ever
	}
	w.placed = min(w.placed, 1)
	return err
}

func (w *Writer) send(f *frame.Frame) error {
	if err := w.frames.Write(f); err != nil && w.err == nil {
		w.err = sendError(f, err)
	}
	return w.err
}

// sendError says what a frame is that was not sent. One that is too large will
// be so again.
func sendError(f *frame.Frame, err error) error {
	err = fmt.Errorf("send %v frame to the host: %w", f.Type, err)
	switch {
	case !errors.Is(err, frame.ErrTooLarge):
		return err
	case f.Type == frame.Batch:
		return Permanent(fmt.Errorf("%w, as of one record: leave its table, or the column that is so large, out of the pipeline%s", err, place(f)))
	}
	return Permanent(err)
}

// place says behind which position the records of a frame are.
func place(f *frame.Frame) string {
	p, err := ParsePosition(f.Position)
	if err != nil || !utf8.Valid(p.Base) {
		return ""
	}
	return fmt.Sprintf("; its position is %s", p.Base)
}

// arm has the batch flushed after d, unless it is flushed sooner.
func (w *Writer) arm(d time.Duration) {
	deadline := time.Now().Add(d)
	if w.armed && !deadline.Before(w.deadline) {
		return
	}
	w.armed, w.deadline = true, deadline
	w.timer.Reset(d)
}

func (w *Writer) expire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.armed || time.Now().Before(w.deadline) {
		return
	}
	w.armed = false
	_ = w.flush() // the error stays in w.err for the next call
}

// close stops the timer and keeps later writes from reaching the socket.
func (w *Writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
	if w.err == nil {
		w.err = errors.New("source wrote after its Read returned")
	}
}
