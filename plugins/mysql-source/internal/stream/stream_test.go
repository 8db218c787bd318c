package stream

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
	"github.com/leat-io/leat/sdk"
)

const set12 = "aa000000-0000-0000-0000-000000000000:1-2"

// image is a row of table t: its number is present.
func image(n byte) []byte { return []byte{0, n, 0, 0, 0} }

func TestStream_transactions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		log  func(*binlogtest.Log)
		want []string
	}{
		"OK insert, update, delete": {
			func(l *binlogtest.Log) {
				l.GTID(id(2), 5_000_000).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).
					Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1), image(2)).
					Rows(replication.UPDATE_ROWS_EVENTv2, 1, 1, image(1), image(3)).
					Rows(replication.DELETE_ROWS_EVENTv2, 1, 1, image(2)).Xid()
			},
			[]string{
				"c  0202 at 271.0 time 5000000 thread 9 skip 1", "c  0204 at 271.1 time 5000000 thread 9 skip 2",
				"u 0202 0206 at 312.0 time 5000000 thread 9 skip 3", "d 0204  at 354.0 time 5000000 thread 9 skip 4",
				"advance " + set12 + " 0",
			},
		},
		"OK rows of others count": {
			func(l *binlogtest.Log) {
				l.GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "_x", number).TableMap(2, "d", "t", number).
					Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1), image(2), image(3)).
					Rows(replication.WRITE_ROWS_EVENTv2, 2, 1, image(4)).Xid()
			},
			[]string{"c  0208 at 331.0 time 1000000000 thread 9 skip 4", "advance " + set12 + " 0"},
		},
		"OK compressed": {
			func(l *binlogtest.Log) {
				l.GTID(id(2), 5_000_000).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).
					Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).
					Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(2)).Xid().Compress(3)
			},
			[]string{"c  0202 at 370.0 time 5000000 thread 9 skip 1", "c  0204 at 370.1 time 5000000 thread 9 skip 2", "advance " + set12 + " 0"},
		},
		"OK a log that the server decrypts as it sends it": {
			func(l *binlogtest.Log) {
				l.Artificial(replication.MARIADB_START_ENCRYPTION_EVENT, 0x80, make([]byte, 17)).
					GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).
					Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Xid()
			},
			[]string{"c  0202 at 247.0 time 1000000000 thread 9 skip 1", "advance " + set12 + " 0"},
		},
		"OK nobody's transaction waits": {
			func(l *binlogtest.Log) { l.GTID(id(2), 0).Query(9, "d", "BEGIN").Xid() }, nil,
		},
		"OK definition and rows": {
			func(l *binlogtest.Log) {
				l.GTID(id(2), 0).Query(9, "d", "CREATE TABLE u (n INT)").GTID(id(3), 0).Query(9, "d", "BEGIN").
					TableMap(1, "d", "u", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(5)).Xid()
			},
			[]string{"state table/d.u", "advance " + set12 + " 0", "c  020a at 347.0 time 1000000000 thread 9 skip 1", "advance aa000000-0000-0000-0000-000000000000:1-3 0"},
		},
		"OK statement that cannot be read forgets what it may concern": {
			func(l *binlogtest.Log) { l.GTID(id(2), 0).Query(9, "d", "ALTER TABLE t FROBNICATE (") },
			[]string{"state -table/d.t", "state unequal/d.t", "advance " + set12 + " 0"},
		},
		"OK swap of names": {
			func(l *binlogtest.Log) {
				l.GTID(id(2), 0).Query(9, "d", "RENAME TABLE t TO _o, _o TO t")
			},
			[]string{"state -table/d._o", "state table/d.t", "advance " + set12 + " 0"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r := newStream(t, nil)
			defer s.payload.Close()
			l := begin()
			tt.log(l)
			if err := play(t, s, l); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, r.lines); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// cures are what every reason to stop names one of: that the source starts again
// mends a transaction without a GTID.
var cures = regexp.MustCompile("leat checkpoint delete|update leat|comes encrypted.*: read it from")

func TestStream_stops(t *testing.T) {
	t.Parallel()
	open := func(l *binlogtest.Log) *binlogtest.Log {
		return l.GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number)
	}
	tests := map[string]struct {
		log  func(*binlogtest.Log)
		want error
	}{
		"incident":            {func(l *binlogtest.Log) { l.Event(replication.INCIDENT_EVENT, nil) }, errIncident},
		"encrypted log":       {func(l *binlogtest.Log) { l.Event(replication.MARIADB_START_ENCRYPTION_EVENT, nil) }, errEncrypted},
		"damaged compression": {func(l *binlogtest.Log) { l.Event(replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1, nil) }, binlog.ErrDamaged},
		"unknown event":       {func(l *binlogtest.Log) { l.Event(99, nil) }, errUnknownEvent},
		"rows before 5.1.16":  {func(l *binlogtest.Log) { l.Event(replication.WRITE_ROWS_EVENTv0, nil) }, errUnknownEvent},
		"rows of no table":    {func(l *binlogtest.Log) { open(l).Rows(replication.WRITE_ROWS_EVENTv2, 2, 1, image(1)) }, errNoTableMap},
		"differences of JSON": {func(l *binlogtest.Log) { open(l).Rows(replication.PARTIAL_UPDATE_ROWS_EVENT, 1, 1, image(1), image(1)) }, errPartial},
		"XA": {func(l *binlogtest.Log) {
			l.GTID(id(2), 0).Query(9, "d", "XA START X'01',X'',1").TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1))
		}, transaction.ErrXA},
		"rollback": {func(l *binlogtest.Log) {
			open(l).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Query(9, "d", "ROLLBACK")
		}, transaction.ErrRolledBack},
		"rollback to": {func(l *binlogtest.Log) {
			open(l).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1)).Query(9, "d", "ROLLBACK TO `s`")
		}, transaction.ErrRolledBack},
		"no identifier":      {func(l *binlogtest.Log) { l.Query(9, "d", "BEGIN") }, transaction.ErrAnonymous},
		"statement for rows": {func(l *binlogtest.Log) { l.GTID(id(2), 0).Query(9, "d", "BEGIN").Query(9, "d", "DELETE FROM t") }, errStatement},
		"LOAD DATA for rows": {func(l *binlogtest.Log) {
			body := binlogtest.Query(9, "d", "LOAD DATA INFILE 'x' INTO TABLE t", nil)
			l.GTID(id(2), 0).Query(9, "d", "BEGIN").Event(replication.EXECUTE_LOAD_QUERY_EVENT, append(append(body[:13:13], make([]byte, 13)...), body[13:]...))
		}, errStatement},
		"statement of an unknown kind": {func(l *binlogtest.Log) { l.GTID(id(2), 0).Query(9, "d", "MERGE INTO t") }, errUnread},
		"damaged statement":            {func(l *binlogtest.Log) { l.Event(replication.QUERY_EVENT, []byte{1}) }, binlog.ErrDamaged},
		"damaged rows":                 {func(l *binlogtest.Log) { open(l).Event(replication.WRITE_ROWS_EVENTv2, []byte{1}) }, binlog.ErrDamaged},
		"damaged rotate":               {func(l *binlogtest.Log) { l.Event(replication.ROTATE_EVENT, []byte{1}) }, binlog.ErrDamaged},
		"unknown definition":           {func(l *binlogtest.Log) { l.GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number, number) }, errDefinition},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r := newStream(t, nil)
			s.define = func(context.Context, table.Name) (*proof, error) { return nil, errors.New("no server") }
			l := begin()
			tt.log(l)
			err := play(t, s, l)
			if !errors.Is(err, tt.want) || sdk.IsTransient(err) {
				t.Errorf("got %v, want %v for good", err, tt.want)
			}
			if !errors.Is(err, transaction.ErrAnonymous) && !cures.MatchString(err.Error()) {
				t.Errorf("%v names no cure", err)
			}
			for _, line := range r.lines {
				if strings.HasPrefix(line, "advance") {
					t.Errorf("the position moved past it: %s", line)
				}
			}
		})
	}
}

func TestStream_passesOver(t *testing.T) {
	t.Parallel()
	for _, typ := range []replication.EventType{
		replication.PREVIOUS_GTIDS_EVENT, replication.STOP_EVENT, replication.IGNORABLE_EVENT, replication.TRANSACTION_CONTEXT_EVENT,
		replication.VIEW_CHANGE_EVENT, replication.INTVAR_EVENT, replication.RAND_EVENT, replication.USER_VAR_EVENT,
		replication.BEGIN_LOAD_QUERY_EVENT, replication.APPEND_BLOCK_EVENT, replication.DELETE_FILE_EVENT,
		replication.MARIADB_ANNOTATE_ROWS_EVENT, replication.MARIADB_BINLOG_CHECKPOINT_EVENT, replication.MARIADB_GTID_LIST_EVENT,
		replication.ROWS_QUERY_EVENT, replication.HEARTBEAT_EVENT, replication.HEARTBEAT_LOG_EVENT_V2,
	} {
		t.Run(typ.String(), func(t *testing.T) {
			t.Parallel()
			s, r := newStream(t, nil)
			if err := play(t, s, begin().Event(typ, []byte("binlog.000001"))); err != nil {
				t.Error(err)
			}
			if len(r.lines) > 0 {
				t.Errorf("it wrote %v", r.lines)
			}
		})
	}
	s, _ := newStream(t, nil)
	if err := play(t, s, begin().Artificial(99, 0x80, nil)); err != nil {
		t.Errorf("an unknown event that may be ignored: %v", err)
	}
}

func TestStream_rest(t *testing.T) {
	t.Parallel()
	s, r := newStream(t, nil)
	s.reader = binlog.NewReader(nil, 0, nil)
	l := begin().GTID(id(2), 0).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1))
	if err := play(t, s, l); err != nil {
		t.Fatal(err)
	}
	r.lines = nil
	if err := s.rest(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"flush"}, r.lines); diff != "" {
		t.Errorf("a lone record: %s", diff)
	}
	if err := play(t, s, &binlogtest.Log{Events: l.Xid().GTID(id(3), 0).Query(9, "d", "BEGIN").Xid().Events[6:]}); err != nil {
		t.Fatal(err)
	}
	s.idle.flushed = time.Time{}
	r.lines = nil
	if err := s.rest(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"advance aa000000-0000-0000-0000-000000000000:1-3 0"}, r.lines[:1]); diff != "" {
		t.Errorf("a position that waits: %s", diff)
	}
}

func TestServerState(t *testing.T) {
	t.Parallel()
	c := ServerState("u", 3)
	u, epoch, err := ParseServerState(map[string][]byte{c.Key: c.Value})
	if u != "u" || epoch != 3 || err != nil {
		t.Errorf("got %q, %d, %v", u, epoch, err)
	}
	if _, _, err := ParseServerState(map[string][]byte{c.Key: []byte("{")}); err == nil {
		t.Error("damaged state was read")
	}
}
