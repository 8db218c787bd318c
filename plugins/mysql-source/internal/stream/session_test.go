package stream

import (
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

// A server that cannot send its log is asked once more, however much it sends of
// the beginning of a file or of the transaction that it fails in.
func TestStream_unsent(t *testing.T) {
	t.Parallel()
	half := func(l *binlogtest.Log) *binlogtest.Log {
		return l.GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number)
	}
	tests := map[string]struct {
		between func() *binlogtest.Log
		good    bool // the second refusal is for good
	}{
		"nothing came":              {begin, true},
		"the beginning of the file": {func() *binlogtest.Log { return begin().Event(replication.PREVIOUS_GTIDS_EVENT, nil) }, true},
		"OK a transaction that is read": {func() *binlogtest.Log {
			return half(begin()).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Xid()
		}, false},
		"half of a transaction": {func() *binlogtest.Log { return half(begin()) }, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, nil)
			refusal := &mysql.MyError{Code: mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG, Message: "bogus data in log event"}
			if err := s.readError(refusal); !lost(err) {
				t.Fatalf("the first refusal: %v", err)
			}
			if err := play(t, s, tt.between()); err != nil {
				t.Fatal(err)
			}
			if err := s.readError(refusal); lost(err) == tt.good || sdk.IsTransient(err) == tt.good {
				t.Errorf("the second refusal is for good: want %v, got %v", tt.good, err)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		log  *binlogtest.Log
		want bool
	}{
		"what each connection begins with": {begin(), false},
		"what each file begins with": {begin().Event(replication.PREVIOUS_GTIDS_EVENT, nil).
			Event(replication.MARIADB_GTID_LIST_EVENT, nil).Event(replication.MARIADB_BINLOG_CHECKPOINT_EVENT, nil), false},
		"OK a transaction":         {begin().GTID(id(2), 0), true},
		"OK a heartbeat":           {begin().Artificial(replication.HEARTBEAT_EVENT, 0, []byte("binlog.000001")), true},
		"OK a heartbeat of 8.0.26": {begin().Artificial(replication.HEARTBEAT_LOG_EVENT_V2, 0, nil), true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := false
			err := binlog.Walk(tt.log.Events, func(e *binlog.Event) error {
				got = got || progress(e)
				return nil
			})
			if err != nil || got != tt.want {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

// Each reason for error 1236 has the kind and the cure that fit it.
func TestStream_unsent_reasons(t *testing.T) {
	t.Parallel()
	const at = "; the first event 'binlog.000001' at 4, the last event read from './binlog.000001' at 126, the last byte read from './binlog.000001' at 126."
	tests := map[string]struct {
		message string
		waits   bool // however often it comes
		cure    string
		harm    bool // a new snapshot is advised, if only where the log is lost
	}{
		"OK the same id":          {"A replica with the same server_uuid/server_id as this replica has connected to the source" + at, true, "server_id", false},
		"OK the same id, older":   {"A slave with the same server_uuid/server_id as this slave has connected to the master" + at, true, "server_id", false},
		"OK the same id, MariaDB": {"A slave with the same server_id is already connected" + at, true, "server_id", false},
		"a size that is damaged":  {"log event entry exceeded max_allowed_packet; Increase max_allowed_packet on source" + at, false, "replica of that server", true},
		"OK no number":            {"Misconfigured source - source server_id is 0", true, "SET GLOBAL server_id", false},
		"OK no number, MariaDB":   {"Misconfigured master - server id was not set", true, "SET GLOBAL server_id", false},
		"OK checksums":            {"Replica can not handle replication events with the checksum that source is configured to log" + at, true, "binlog_checksum", false},
		"OK no log":               {"Binary log is not open", true, "log_bin", false},
		"cut":                     {"binlog truncated in the middle of event; consider out of disk space on source" + at, false, "restart the server", true},
		"a file is gone":          {"could not find next log" + at, false, "restore it", true},
		"damaged":                 {"event read from binlog did not pass checksum algorithm check specified on --binlog-checksum option" + at, false, "replica of that server", true},
		"bogus":                   {"bogus data in log event" + at, false, "replica of that server", true},
		"beyond the end":          {"Client requested source to start replication from position > file size", false, "mend", true},
		"the first file is gone":  {"Could not find first log file name in binary log index file", false, "mend", true},
		"GTIDs are gone":          {"Cannot replicate because the source purged required binary logs.", false, "mend", true},
		"more GTIDs than it":      {"Replica has more GTIDs than the source has, using the source's SERVER_UUID.", false, "mend", true},
		"an old log":              {"Found old binary log without GTIDs while looking for the oldest binary log", false, "mend", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := newStream(t, nil)
			if err := play(t, s, begin()); err != nil {
				t.Fatal(err)
			}
			var err error
			for range 3 {
				err = s.readError(&mysql.MyError{Code: mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG, Message: tt.message})
				if !lost(err) {
					break
				}
				if _, err := s.machine.Step(&transaction.Event{Kind: transaction.Reconnect}); err != nil {
					t.Fatal(err)
				}
			}
			if lost(err) != tt.waits {
				t.Errorf("it waits: %v, want %v (%v)", lost(err), tt.waits, err)
			}
			if !strings.Contains(err.Error(), tt.cure) || strings.Contains(err.Error(), "snapshot") != tt.harm {
				t.Errorf("got %v, want the cure %q, a snapshot: %v", err, tt.cure, tt.harm)
			}
		})
	}
}

// A server whose log cannot be sent by GTIDs any more is read by file, where that
// is known to be the same log.
func TestStream_unsent_goesByFile(t *testing.T) {
	t.Parallel()
	for _, message := range []string{
		"The replication sender thread cannot start in AUTO_POSITION mode: this server has GTID_MODE = OFF_PERMISSIVE instead of ON.",
		"Cannot replicate anonymous transaction when AUTO_POSITION = 1, at file ./binlog.000003, position 197.",
	} {
		s, _ := newStream(t, nil)
		if err := play(t, s, begin().GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Xid()); err != nil {
			t.Fatal(err)
		}
		before := s.machine.Place()
		err := s.readError(&mysql.MyError{Code: mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG, Message: message})
		if !lost(err) || s.machine.GoesByGTID() || s.machine.Place() != before {
			t.Errorf("%s: got %v, at %s, want to go on at %s by file", message, err, s.machine.Place(), before)
		}
	}
}
