package stream

import (
	"encoding/binary"
	"testing"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlog"
	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
	"github.com/leat-io/leat/plugins/mysql-source/internal/gtid"
	"github.com/leat-io/leat/plugins/mysql-source/internal/meter"
	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
	"github.com/leat-io/leat/plugins/mysql-source/internal/transaction"
)

// The meter knows what was read, apart from heartbeats, and counts transactions as
// gtid_executed does.
func TestStream_reading(t *testing.T) {
	t.Parallel()
	other := gtid.GTID{Source: gtid.Source{UUID: gtid.UUID{0xbb}}, Number: 5}
	ignore := func(u gtid.UUID) bool { return u == other.Source.UUID }
	s, _ := newStream(t, func(x *Settings) { x.Ignore = ignore })
	done := &gtid.Set{}
	done.Add(id(1))
	done.Add(other) // as of a time at which it was not left out
	s.machine = transaction.New(transaction.Start{
		Server: uuid.String(), Executed: done, Place: position.Place{File: "binlog.000007", Pos: 4}, Ignore: ignore,
		Sinks: []transaction.Progress{{Done: position.Position{GTID: done.Clone()}}},
	})
	other.Number++
	s.reading()
	want := meter.Tail{Server: uuid.String(), Start: s.machine.Place(), Place: s.machine.Place(), Transactions: 1, Counted: true, Domains: map[uint32]uint64{}}
	if diff := cmp.Diff(want, s.Meter.Tail()); diff != "" {
		t.Errorf("at the start:\n%s", diff)
	}
	l := begin().GTID(id(2), 5_000_000).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).
		Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(1), image(2)).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(3)).Xid().
		GTID(id(3), 8_000_000).Query(9, "e", "CREATE TABLE x (i INT)"). // not captured
		GTID(id(4), 9_000_000).Query(9, "d", "BEGIN").TableMap(1, "d", "t", number).Rows(replication.WRITE_ROWS_EVENTv2, 1, 1, image(4))
	if err := play(t, s, l); err != nil {
		t.Fatal(err)
	}
	if got := s.Meter.Tail(); got.Transactions != 3 || got.Place != s.machine.Place() {
		t.Errorf("read %+v, want two more, up to %s", got, s.machine.Place())
	}
	progress := meter.Progress{
		LastTransaction: 8_000_000, LastRow: 5_000_000,
		Tables: []meter.TableRows{{Name: table.Name{Database: "d", Table: "t"}, Rows: 3, Last: 5_000_000}},
	}
	if diff := cmp.Diff(progress, s.Meter.Progress(), cmpopts.IgnoreUnexported(meter.TableRows{})); diff != "" {
		t.Error(diff)
	}
	if err := s.heartbeat(&binlog.Event{Type: replication.HEARTBEAT_EVENT}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(progress, s.Meter.Progress(), cmpopts.IgnoreUnexported(meter.TableRows{})); diff != "" {
		t.Errorf("a heartbeat counts:\n%s", diff)
	}
	read := len(l.Events)
	rest := &binlogtest.Log{Events: l.Xid().GTID(other, 9_500_000).Query(9, "d", "CREATE TABLE y (i INT)").Events[read:]}
	if err := play(t, s, rest); err != nil {
		t.Fatal(err)
	}
	if got := s.Meter.Tail(); got.Transactions != 4 {
		t.Errorf("read %d transactions, want 4: what is left out does not count", got.Transactions)
	}
	if got := s.Meter.Progress(); got.LastRow != 9_000_000 || got.LastTransaction != 9_500_000 || got.Tables[0].Rows != 4 {
		t.Errorf("got %+v", got)
	}
}

func TestStream_readingMariaDB(t *testing.T) {
	t.Parallel()
	s, _ := newStream(t, nil)
	s.machine = transaction.New(transaction.Start{Server: "server_id-1", Sinks: []transaction.Progress{{}}})
	s.reading()
	body := binary.LittleEndian.AppendUint64(nil, 42)
	body = append(binary.LittleEndian.AppendUint32(body, 3), replication.BINLOG_MARIADB_FL_STANDALONE)
	l := begin().Event(replication.MARIADB_GTID_EVENT, body).Query(9, "e", "CREATE TABLE x (i INT)")
	if err := play(t, s, l); err != nil {
		t.Fatal(err)
	}
	got := s.Meter.Tail()
	if diff := cmp.Diff(map[uint32]uint64{3: 42}, got.Domains); diff != "" || got.Counted || got.Transactions != 0 {
		t.Errorf("%+v\n%s", got, diff)
	}
}
