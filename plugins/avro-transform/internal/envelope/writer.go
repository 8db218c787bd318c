package envelope

import (
	"time"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
)

// Writer makes the values of messages. It keeps the runs of bytes that a table's
// changes of one transaction share, and is for one goroutine.
type Writer struct {
	// shared is what head and tail were made from: the parts of the source block
	// before and behind a change's place in the log.
	shared     shared
	head, tail []byte
	// end has ts_ms, ts_us and ts_ns of the envelope.
	end []byte
}

type shared struct {
	plan     *Plan
	snapshot sdk.Snapshot
	origin   sdk.Origin
}

// NewWriter returns a writer whose values say that they were made at now.
func NewWriter(now time.Time) *Writer {
	w := &Writer{}
	w.Begin(now)
	return w
}

// Begin sets the time of the values that follow, and forgets origins, which are
// valid as long as their batch.
func (w *Writer) Begin(now time.Time) {
	n := now.UnixNano()
	w.shared = shared{}
	w.end = appendOptional(w.end[:0], n/1e6)
	w.end = appendOptional(w.end, n/1e3)
	w.end = appendOptional(w.end, n)
}

// AppendValue adds a message's value to b: that of c, which p has checked, but
// with the operation, before and after given.
func (w *Writer) AppendValue(b []byte, p *Plan, c *sdk.Change, op sdk.Op, before, after []byte) []byte {
	if w.shared.plan != p || w.shared.snapshot != c.Snapshot || w.shared.origin != *c.Origin {
		w.share(p, c)
	}
	if before == nil {
		b = append(b, p.begin[0]...)
	} else {
		b = append(append(b, p.begin[1]...), before...)
	}
	if after == nil {
		b = append(b, null)
	} else {
		b = append(append(b, value), after...)
	}
	b = append(b, w.head...)
	b = avro.AppendLong(b, int64(c.Offset))
	b = avro.AppendLong(b, int64(c.Row))
	b = append(b, w.tail...)
	b = append(b, forms[op].end...)
	return append(b, w.end...)
}

func (w *Writer) share(p *Plan, c *sdk.Change) {
	w.shared = shared{plan: p, snapshot: c.Snapshot, origin: *c.Origin}
	w.head = p.source.appendHead(w.head[:0], c)
	w.tail = appendTail(w.tail[:0], c.Origin)
}
