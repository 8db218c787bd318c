package warehouse

import "time"

// Finalize closes a stream for appends and returns how many rows it holds; a second time changes nothing.
func (t *Table) Finalize(id string) (int64, error) {
	s, err := t.Stream(id)
	if err != nil {
		return 0, err
	}
	if s.Kind == Default {
		return 0, refuse(StreamType, t.Ref.StreamPath(id), "Finalize is not supported on the default stream")
	}
	s.finalized = true
	return s.rows, nil
}

// Flush shows the rows of a Buffered stream up to and including offset, and returns the last offset shown.
func (t *Table) Flush(id string, offset int64, now time.Time) (int64, error) {
	s, err := t.Stream(id)
	if err != nil {
		return 0, err
	}
	entity := t.Ref.StreamPath(id)
	if s.Kind != Buffered {
		return 0, refuse(StreamType, entity, "Flush is supported only on BUFFERED streams: %s", entity)
	}
	if offset < 0 {
		return 0, refuse(Invalid, entity, "Invalid offset %d", offset)
	}
	if offset >= s.rows {
		return 0, refuse(OffsetBeyond, entity, "Offset %d is beyond the end of the stream", offset)
	}
	t.show(s, max(s.shown, offset+1), now)
	return s.shown - 1, nil
}

// Commit shows the rows of Pending streams, all of them or none; the errors name the streams that stand in the way.
func (t *Table) Commit(ids []string, now time.Time) []*Error {
	var errs []*Error
	var streams []*Stream
	for _, id := range ids {
		s, err := t.committable(id)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		streams = append(streams, s)
	}
	if len(errs) > 0 {
		return errs
	}
	for _, s := range streams {
		t.show(s, s.rows, now)
		s.Committed = now
	}
	return nil
}

func (t *Table) committable(id string) (*Stream, *Error) {
	entity := t.Ref.StreamPath(id)
	s, ok := t.streams[id]
	switch {
	case !ok && id != DefaultStream:
		return nil, refuse(StreamNotFound, entity, "Requested entity was not found: %s", entity)
	case !ok || s.Kind != Pending:
		return nil, refuse(StreamType, entity, "Only PENDING streams can be committed: %s", entity)
	case !s.finalized:
		return nil, refuse(StreamNotFinalized, entity, "Stream must be finalized before it is committed: %s", entity)
	case !s.Committed.IsZero():
		return nil, refuse(StreamCommitted, entity, "Stream was committed already: %s", entity)
	}
	return s, nil
}

// show makes held rows visible up to end.
func (t *Table) show(s *Stream, end int64, now time.Time) {
	n := end - s.shown
	for _, c := range s.held[:n] {
		c.Time = now
		t.take(c)
	}
	s.held, s.shown = s.held[n:], end
}
