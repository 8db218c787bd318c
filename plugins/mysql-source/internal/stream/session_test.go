package stream

import (
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
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
			refusal := &mysql.MyError{Code: mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG, Message: "log event entry exceeded max_allowed_packet"}
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
