package stream

import (
	"time"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/sdk"
)

const (
	// flushEvery bounds how often records are sent because the reader waits. A
	// lone record goes at once; on a busy server batches fill up instead.
	flushEvery = 2 * time.Millisecond
	// postponeMost bounds how many groups may pass without a new position.
	postponeMost = 1000
)

// idle is what is left to do when the reader waits.
type idle struct {
	moved     bool  // the position has, or the time, and was not written
	at        int64 // up to when the log is read, microseconds since 1970
	postponed int
	flushed   time.Time
	bytes     uint64
}

// caughtUp has the sinks told that nothing has happened up to now, so that their
// lag does not seem to grow.
func (i *idle) caughtUp(now time.Time) { i.moved, i.at = true, now.UnixMicro() }

// postpone has the position written when there is time, or it becomes too many.
// at is when what moved it happened.
func (i *idle) postpone(s *Stream, at int64) error {
	i.moved, i.at = true, max(i.at, at)
	if i.postponed++; i.postponed < postponeMost {
		return nil
	}
	return i.advance(s)
}

func (i *idle) advance(s *Stream) error {
	at := i.at
	i.moved, i.postponed, i.at = false, 0, 0
	if err := s.w.Direct(s.machine.All()); err != nil {
		return err
	}
	return s.w.Advance(sdk.Position{Base: s.machine.Base()}, at)
}

// rest is called before the reader waits: no record may wait with it.
func (s *Stream) rest() error {
	i := &s.idle
	now := time.Now()
	if now.Sub(i.flushed) < flushEvery {
		return nil // the Writer's own timer is soon enough
	}
	if i.moved && s.machine.Outside() && !s.machine.Behind() {
		if err := i.advance(s); err != nil {
			return writeError{err}
		}
	}
	if s.w.Pending() {
		i.flushed = now
		if err := s.w.Flush(); err != nil {
			return writeError{err}
		}
	}
	s.report()
	return nil
}

func (s *Stream) report() {
	at := s.machine.Place()
	n, _ := position.LogNumber(at.File) // a gauge shows 0 before the first file
	read := s.reader.Bytes()
	s.Meter.At(n, at.Pos, read-min(s.idle.bytes, read))
	s.Meter.Rest(at)
	s.idle.bytes = read
}
