package row

import (
	"encoding/binary"
	"fmt"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/avrotype"
)

// header is what stands before Avro in Confluent's wire format: a zero and the
// id of the schema, which the plan stands for.
const header = 5

// Message is what a row is made of.
type Message struct {
	Key, Value []byte
	Order      [4]uint64
	// StateOnly messages make no row of a log.
	StateOnly bool
}

// walk holds what was found in an envelope. The row after the change is written
// when it is met, as it is the one that counts unless the row was deleted.
type walk struct {
	encoder
	op     []byte
	before []byte // the row, still to be written, nil if there is none
	after  bool   // whether there is one
	millis int64
	micros int64
}

// Append adds the row of a message to out. It adds nothing for a message that
// has none: a tombstone, whose delete came before it, a logical message, and in a
// log what only those need who keep a table's rows. The
// error is a *Fault if the row alone is to blame; out then keeps its length.
func (p *Plan) Append(out []byte, m *Message) ([]byte, error) {
	if m.Value == nil || m.StateOnly && !p.upsert {
		return out, nil
	}
	w := walk{encoder: encoder{out: out}}
	if !p.walk(&w, m.Value) {
		return out, fmt.Errorf("value %w", ErrMalformed)
	}
	if len(w.op) != 1 {
		return out, fmt.Errorf("op %q is not known: update leat, or leave such messages out in the source", w.op)
	}
	switch op := w.op[0]; op {
	case 'c', 'r', 'u', 'd':
		return p.finish(&w, op, m, len(out))
	case 't':
		if !p.logTruncate {
			return out, ErrTruncate
		}
		p.log(&w, op, &m.Order)
		return w.out, nil
	case 'm':
		return out, nil
	default:
		return out, fmt.Errorf("op %q is not known: update leat, or leave such messages out in the source", w.op)
	}
}

func (p *Plan) walk(w *walk, value []byte) bool {
	if len(value) < header || value[0] != 0 {
		return false
	}
	w.buf = value[header:]
	for i := range p.steps {
		s := &p.steps[i]
		switch s.part {
		case partBefore:
			w.before = w.span(s)
		case partAfter:
			p.after(w, s)
		case partOp:
			w.op = w.bytes()
		case partSource:
			p.source(w, s)
		default:
			w.skip(s.avro, 0)
		}
	}
	return !w.bad && len(w.buf) == 0
}

// after writes the row after the change.
func (p *Plan) after(w *walk, s *step) {
	if s.value != avrotype.NotIndex {
		switch w.long() {
		case s.value:
		case 1 - s.value:
			return
		default:
			w.fail()
			return
		}
	}
	w.after = true
	w.record(p.row)
}

// span reads over before and returns the row in it, nil if there is none.
func (w *walk) span(s *step) []byte {
	start := w.buf
	w.skip(s.avro, 0)
	if w.bad {
		return nil
	}
	r := reader{buf: start[:len(start)-len(w.buf)]}
	if s.value != avrotype.NotIndex && r.long() != s.value {
		return nil
	}
	return r.buf
}

func (p *Plan) source(w *walk, s *step) {
	if p.upsert {
		w.skip(s.avro, 0)
		return
	}
	for i := range s.inner {
		f := &s.inner[i]
		switch {
		case f.part == partOther:
			w.skip(f.avro, 0)
		case f.value != avrotype.NotIndex && w.long() != f.value:
		case f.part == partMillis:
			w.millis = w.long()
		default:
			w.micros = w.long()
		}
	}
}

// finish adds what goes with the row.
func (p *Plan) finish(w *walk, op byte, m *Message, start int) ([]byte, error) {
	if err := p.complete(w, op, m, start); err != nil {
		return w.out[:start], err
	}
	if w.refused != nil {
		w.refused.Key = p.KeyText(m.Key)
		return w.out[:start], w.refused
	}
	if p.upsert {
		p.change(w, op, &m.Order)
	} else {
		p.log(w, op, &m.Order)
	}
	return w.out, nil
}

// complete sees that the right row is written: as it is after the change, of a
// delete the key, which is all that BigQuery needs, and in a log the row as it was.
func (p *Plan) complete(w *walk, op byte, m *Message, start int) error {
	fields, content := p.row, w.before
	switch {
	case op != 'd' && w.after:
		return nil
	case op == 'd' && p.upsert:
		if len(m.Key) < header || m.Key[0] != 0 {
			return fmt.Errorf("key %w", ErrMalformed)
		}
		fields, content = p.key, m.Key[header:]
	case op != 'd' || content == nil:
		return fmt.Errorf("op %q comes without its row: set binlog_row_image=FULL in the source", op)
	}
	w.buf, w.out, w.refused = content, w.out[:start], nil
	w.record(fields)
	if w.bad || len(w.buf) > 0 {
		return fmt.Errorf("row %w", ErrMalformed)
	}
	return nil
}

func (p *Plan) change(w *walk, op byte, order *[4]uint64) {
	kind := "UPSERT"
	if op == 'd' {
		kind = "DELETE"
	}
	w.out = appendString(w.out, p.kindTag, kind)
	var text [sequenceSize]byte
	w.out = binary.AppendUvarint(w.out, p.sequenceTag)
	w.out = appendText(w.out, appendSequence(text[:0], order))
}

func (p *Plan) log(w *walk, op byte, order *[4]uint64) {
	w.out = binary.AppendUvarint(w.out, p.opTag)
	w.out = append(w.out, 1, op)
	us := w.micros
	if us == 0 && validMillis(w.millis) {
		us = w.millis * 1000
	}
	if us != 0 && validMicros(us) {
		w.out = binary.AppendUvarint(w.out, p.timeTag)
		w.out = binary.AppendUvarint(w.out, uint64(us))
	}
	var text [sequenceSize]byte
	w.out = binary.AppendUvarint(w.out, p.orderTag)
	w.out = appendText(w.out, appendSortable(text[:0], order))
}
