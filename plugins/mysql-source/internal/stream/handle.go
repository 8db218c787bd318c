package stream

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/cure"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/refusal"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

// Reasons to stop at an event.
var (
	errUnknownEvent = errors.New("event of a type that is not known here: update leat")
	errIncident     = errors.New("the server has logged an incident: transactions may be missing from its log: mend the server, then " + cure.NewSnapshot)
	errEncrypted    = errors.New("the log comes encrypted, which is not supported: read it from a server, which decrypts what it sends, and not from what keeps a copy of its log")
)

// handle takes one event of the log.
func (s *Stream) handle(e *binlog.Event) error {
	s.Meter.Event(e.Type)
	s.place = place{start: s.pos, end: s.pos}
	if !e.Artificial() && e.Type != replication.HEARTBEAT_EVENT {
		s.pos = binlog.Extend(s.pos, e.LogPos)
		s.place = place{start: s.pos - min(uint64(e.Size), s.pos), end: s.pos}
	}
	s.seconds = e.Seconds
	return s.dispatch(e)
}

// dispatch knows every type of event: it is handled, harmless, or the end.
func (s *Stream) dispatch(e *binlog.Event) error {
	switch e.Type {
	case replication.WRITE_ROWS_EVENTv2, replication.UPDATE_ROWS_EVENTv2, replication.DELETE_ROWS_EVENTv2,
		replication.WRITE_ROWS_EVENTv1, replication.UPDATE_ROWS_EVENTv1, replication.DELETE_ROWS_EVENTv1,
		replication.PARTIAL_UPDATE_ROWS_EVENT:
		return s.rowsEvent(e)
	case replication.TABLE_MAP_EVENT:
		return s.tableMap(e)
	case replication.GTID_EVENT, replication.ANONYMOUS_GTID_EVENT, replication.GTID_TAGGED_LOG_EVENT, replication.MARIADB_GTID_EVENT:
		return s.identify(e)
	case replication.QUERY_EVENT:
		return s.query(e)
	case replication.XID_EVENT:
		return s.commit(transaction.Commit)
	case replication.XA_PREPARE_LOG_EVENT:
		return s.commit(transaction.Prepare)
	case replication.TRANSACTION_PAYLOAD_EVENT:
		return s.unpack(e)
	case replication.ROWS_QUERY_EVENT:
		s.rowsQuery(e.Body)
		return nil
	case replication.EXECUTE_LOAD_QUERY_EVENT:
		return s.loadQuery(e)
	}
	return s.dispatchRare(e)
}

// dispatchRare knows the events that are about the log and the connection.
func (s *Stream) dispatchRare(e *binlog.Event) error {
	switch e.Type {
	case replication.ROTATE_EVENT:
		return s.rotate(e)
	case replication.FORMAT_DESCRIPTION_EVENT:
		return s.format(e)
	case replication.HEARTBEAT_EVENT, replication.HEARTBEAT_LOG_EVENT_V2:
		return s.heartbeat(e)
	case replication.PREVIOUS_GTIDS_EVENT:
		return s.previousGTIDs(e)
	case replication.STOP_EVENT, replication.IGNORABLE_EVENT,
		replication.TRANSACTION_CONTEXT_EVENT, replication.VIEW_CHANGE_EVENT,
		// What a statement refers to, and files of LOAD DATA: the statement itself decides.
		replication.INTVAR_EVENT, replication.RAND_EVENT, replication.USER_VAR_EVENT,
		replication.BEGIN_LOAD_QUERY_EVENT, replication.APPEND_BLOCK_EVENT, replication.DELETE_FILE_EVENT,
		replication.MARIADB_ANNOTATE_ROWS_EVENT, replication.MARIADB_BINLOG_CHECKPOINT_EVENT, replication.MARIADB_GTID_LIST_EVENT:
		return nil
	case replication.INCIDENT_EVENT:
		return s.stop(errIncident)
	case replication.MARIADB_START_ENCRYPTION_EVENT:
		if e.Ignorable() { // as a server sends it, with events behind it that it has decrypted
			return nil
		}
		return s.stop(errEncrypted)
	case replication.MARIADB_QUERY_COMPRESSED_EVENT, replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1,
		replication.MARIADB_UPDATE_ROWS_COMPRESSED_EVENT_V1, replication.MARIADB_DELETE_ROWS_COMPRESSED_EVENT_V1:
		return s.inflate(e)
	}
	if e.Ignorable() {
		return nil
	}
	return s.stop(fmt.Errorf("%w: %d", errUnknownEvent, e.Type))
}

// stop ends the stream before the current event, for good.
func (s *Stream) stop(err error) error {
	at := position.Place{File: s.machine.Place().File, Pos: s.place.start}
	return sdk.Permanent(fmt.Errorf("binary log at %s: %w", at, withCure(err)))
}

// withCure adds what helps to an error of a log that cannot be as a server writes it.
func withCure(err error) error {
	if errors.Is(err, binlog.ErrDamaged) || errors.Is(err, errNoTableMap) || errors.Is(err, transaction.ErrOrder) {
		return fmt.Errorf("%w: %s", err, refusal.DamagedCure)
	}
	return err
}

// step tells the machine of the current event.
func (s *Stream) step(e *transaction.Event) (transaction.Effect, error) {
	e.Start, e.End = s.place.start, s.place.end
	effect, err := s.machine.Step(e)
	if err != nil {
		return effect, s.stop(err)
	}
	return effect, nil
}

// inflate handles an event that MariaDB has compressed.
func (s *Stream) inflate(e *binlog.Event) error {
	plain, err := s.inflater.Inflate(e)
	if err != nil {
		return s.stop(err)
	}
	return s.dispatch(plain)
}

// unpack handles the events of a compressed transaction.
func (s *Stream) unpack(e *binlog.Event) error {
	if err := s.payload.Open(e.Body); err != nil {
		return s.stop(err)
	}
	for {
		inner, err := s.payload.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && inner.Type == replication.TRANSACTION_PAYLOAD_EVENT {
			err = fmt.Errorf("%w: a payload within a payload", binlog.ErrDamaged)
		}
		if err != nil {
			return s.stop(err)
		}
		s.Meter.Event(inner.Type)
		if err := s.dispatch(inner); err != nil {
			return err
		}
	}
}
