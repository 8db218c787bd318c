package warehouse

import (
	"fmt"
	"time"
)

// StreamKind says when the rows of a stream become visible.
type StreamKind int

// The kinds of stream; Default is the one that every table has.
const (
	Default   StreamKind = iota // visible at once, no offsets
	Committed                   // visible at once
	Pending                     // visible once finalized and committed
	Buffered                    // visible as far as flushed
)

// Stream is a write stream that was created on a table.
type Stream struct {
	ID        string
	Kind      StreamKind
	Created   time.Time
	Committed time.Time // zero until the rows of a Pending stream were committed

	rows      int64 // rows received: the next offset
	shown     int64 // rows made visible
	held      []Change
	finalized bool
}

// CreateStream adds a stream to a table.
func (w *Warehouse) CreateStream(ref TableRef, kind StreamKind, now time.Time) (*Stream, error) {
	t, err := w.Table(ref)
	if err != nil {
		return nil, err
	}
	if kind == Default {
		return nil, refuse(StreamType, ref.Path(), "Stream type must be COMMITTED, PENDING or BUFFERED")
	}
	w.streams++
	s := &Stream{ID: fmt.Sprintf("s%08x", w.streams), Kind: kind, Created: now}
	if kind == Committed {
		s.Committed = now
	}
	t.streams[s.ID] = s
	return s, nil
}

// Stream returns a stream of the table by id, or refuses with StreamNotFound.
func (t *Table) Stream(id string) (*Stream, error) {
	if id == DefaultStream {
		return &Stream{ID: id, Kind: Default, Created: t.created, Committed: t.created}, nil
	}
	s, ok := t.streams[id]
	if !ok {
		return nil, refuse(StreamNotFound, t.Ref.StreamPath(id), "Requested entity was not found: %s", t.Ref.StreamPath(id))
	}
	return s, nil
}

// Append adds rows to a stream, all of them or none, and returns the offset of the first, -1 on the default stream.
// A nil offset means at the end.
func (t *Table) Append(id string, offset *int64, rows []Change, now time.Time) (int64, error) {
	s, err := t.Stream(id)
	if err != nil {
		return 0, err
	}
	if s.Kind == Default {
		if offset != nil {
			return 0, refuse(Invalid, t.Ref.StreamPath(id), "Cannot specify an offset for the default stream")
		}
		t.place(rows, id, -1, now)
		return -1, nil
	}
	if err := t.checkAppend(s, offset); err != nil {
		return 0, err
	}
	start := s.rows
	t.place(rows, id, start, now)
	if s.Kind != Committed {
		s.held = append(s.held, rows...)
	}
	s.rows += int64(len(rows))
	return start, nil
}

// place stamps the changes and, on streams that show rows at once, shows them.
func (t *Table) place(rows []Change, id string, start int64, now time.Time) {
	s := t.streams[id]
	for i := range rows {
		t.refit(rows[i].Row)
		rows[i].Stream, rows[i].Offset, rows[i].Time = id, start, now
		if start >= 0 {
			rows[i].Offset += int64(i)
		}
		if s == nil || s.Kind == Committed {
			t.take(rows[i])
		}
	}
}

func (t *Table) checkAppend(s *Stream, offset *int64) error {
	entity := t.Ref.StreamPath(s.ID)
	if s.finalized {
		return refuse(StreamFinalized, entity, "Stream has been finalized and cannot be appended: %s", entity)
	}
	if offset != nil && *offset < s.rows {
		return refuse(OffsetExists, entity, "The offset is within stream, expected offset %d, received %d", s.rows, *offset)
	}
	if offset != nil && *offset > s.rows {
		return refuse(OffsetBeyond, entity, "The offset is beyond stream, expected offset %d, received %d", s.rows, *offset)
	}
	return nil
}
