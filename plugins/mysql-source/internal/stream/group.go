package stream

import (
	"encoding/binary"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

func (s *Stream) identify(e *binlog.Event) error {
	event := transaction.Event{Kind: transaction.Anonymous}
	s.group = group{}
	id, err := binlog.Identify(e)
	if err != nil {
		return s.stop(err)
	}
	event.Time = id.Time(e)
	s.adoptPrevious(e)
	switch e.Type {
	case replication.GTID_EVENT, replication.GTID_TAGGED_LOG_EVENT:
		event.Kind, event.ID = transaction.GTID, id.ID
		s.group.committed = id.Committed
	}
	if _, err := s.step(&event); err != nil {
		return err
	}
	_, left := s.machine.Ignored()
	s.group.read.Taken = event.Kind == transaction.GTID && !left
	if s.group.read.Taken {
		s.newly = nil
	}
	s.group.read.Domain, s.group.read.Sequence = binlog.Sequence(e)
	s.noteIgnored()
	s.newOrigin(e)
	if e.Type == replication.MARIADB_GTID_EVENT && !standalone(e.Body) {
		return s.begin(e, 0)
	}
	return nil
}

// standalone says whether MariaDB's GTID stands before a statement that is a
// group of its own; any other opens a transaction, which has no BEGIN.
func standalone(body []byte) bool {
	return len(body) > 12 && body[12]&replication.BINLOG_MARIADB_FL_STANDALONE != 0
}

// newOrigin begins the description of where the group's changes come from.
func (s *Stream) newOrigin(e *binlog.Event) {
	file := s.machine.Place().File
	if s.origin.Log != file {
		s.origin.Log = file
		s.origin.LogNumber, _ = position.LogNumber(file) // checked at its rotate
	}
	s.origin.Epoch, s.origin.Server, s.origin.Query, s.origin.Thread = s.epoch, e.Server, "", 0
	s.origin.Transaction = ""
	s.placed = false
}

// placeOrigin writes the origin if it is another than that of the last change.
func (s *Stream) placeOrigin() {
	at := s.time()
	if s.placed && s.origin.Time == at {
		return
	}
	s.origin.Time = at
	if s.origin.Transaction == "" {
		s.origin.Transaction = s.machine.Name()
	}
	s.w.Origin(&s.origin)
	s.placed = true
}

// time of the current group in microseconds since 1970.
func (s *Stream) time() int64 {
	if s.group.committed != 0 {
		return s.group.committed
	}
	return int64(s.seconds) * 1e6
}

func (s *Stream) begin(e *binlog.Event, thread uint32) error {
	effect, err := s.step(&transaction.Event{Kind: transaction.Begin, Time: int64(s.seconds) * 1e6})
	if effect == transaction.Opened { // by no identifier
		s.group = group{}
		s.newOrigin(e)
	}
	s.origin.Thread = uint64(thread)
	return err
}

func (s *Stream) commit(kind transaction.Kind) error {
	effect, err := s.step(&transaction.Event{Kind: kind})
	if err != nil || effect != transaction.Closed {
		return err
	}
	return s.closed()
}

// closed moves the position behind a group. Where the group was nobody's, that
// can wait: many such groups need one position only.
func (s *Stream) closed() error {
	at, wrote := s.time(), s.group.wrote
	s.group.read.At = at
	s.Meter.Read(&s.group.read, s.machine.Place())
	s.group = group{}
	if !wrote && !s.machine.Behind() {
		return s.idle.postpone(s, at)
	}
	need, _ := s.machine.Need()
	if need == 0 {
		return nil
	}
	if err := s.w.Direct(need); err != nil {
		return err
	}
	s.idle.moved = false
	return s.w.Advance(sdk.Position{Base: s.machine.Base()}, at)
}

func (s *Stream) rotate(e *binlog.Event) error {
	if len(e.Body) < 8 {
		return s.stop(binlog.ErrDamaged)
	}
	to := position.Place{Pos: binary.LittleEndian.Uint64(e.Body), File: string(e.Body[8:])}
	if _, err := position.LogNumber(to.File); err != nil {
		return s.stop(err)
	}
	if s.passedOver(to) {
		return errPassedOver
	}
	effect, err := s.step(&transaction.Event{Kind: transaction.Rotate, Place: to})
	if err != nil {
		return err
	}
	s.pos, s.previous = to.Pos, nil
	if e.Artificial() {
		return nil
	}
	if err := s.tables.Clear(); err != nil {
		return s.stop(err)
	}
	return s.moved(effect)
}

func (s *Stream) format(e *binlog.Event) error {
	if err := s.tables.Format(e); err != nil {
		return s.stop(err)
	}
	s.machine.Created(int64(e.Seconds))
	if e.Artificial() {
		return nil
	}
	effect, err := s.step(&transaction.Event{Kind: transaction.Restart})
	if err != nil {
		return err
	}
	return s.moved(effect)
}

func (s *Stream) heartbeat(e *binlog.Event) error {
	now := time.Now()
	s.Meter.CaughtUp()
	s.idle.caughtUp(now)
	if e.Type != replication.HEARTBEAT_EVENT || len(e.Body) == 0 {
		return nil
	}
	if err := s.look(now); err != nil {
		return err
	}
	at := position.Place{File: string(e.Body), Pos: binlog.Extend(s.pos, e.LogPos)}
	effect, err := s.step(&transaction.Event{Kind: transaction.Heartbeat, Place: at})
	if err != nil {
		return err
	}
	if effect == transaction.Moved {
		s.pos = at.Pos
	}
	return s.moved(effect)
}

func (s *Stream) moved(effect transaction.Effect) error {
	if effect != transaction.Moved || s.machine.Behind() {
		return nil
	}
	return s.idle.postpone(s, 0)
}
