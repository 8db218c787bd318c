package binlog

import (
	"errors"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"github.com/leat-io/leat/plugins/mysql-source/internal/binlogtest"
)

func events(t testing.TB, log *binlogtest.Log) []*Event {
	t.Helper()
	out := make([]*Event, len(log.Events))
	for i, raw := range log.Events {
		out[i] = &Event{}
		if err := out[i].parse(raw); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestTables_Map(t *testing.T) {
	t.Parallel()
	long := binlogtest.Column{Type: mysql.MYSQL_TYPE_LONG}
	var log binlogtest.Log
	log.Format(false).TableMap(1, "d", "a", long).TableMap(1, "d", "a", long).TableMap(1, "d", "b", long)
	es := events(t, &log)
	var tables Tables
	if _, _, err := tables.Map(es[1]); !errors.Is(err, ErrDamaged) {
		t.Errorf("before the format: got %v, want %v", err, ErrDamaged)
	}
	if err := tables.Format(es[0]); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, true} {
		table, isNew, err := tables.Map(es[i+1])
		if err != nil || isNew != want || tables.Get(1) != table {
			t.Errorf("event %d: got %v, %v, want %v", i, isNew, err, want)
		}
	}
	tables.Forget(tables.Get(1))
	if _, isNew, err := tables.Map(es[3]); err != nil || !isNew {
		t.Errorf("after Forget: got %v, %v", isNew, err)
	}
	if err := tables.Clear(); err != nil || tables.Get(1) != nil {
		t.Errorf("after Clear: got %v, %v", tables.Get(1), err)
	}
	es[1].raw = es[1].raw[:25]
	if _, _, err := tables.Map(es[1]); err == nil {
		t.Error("a short event was read")
	}
}

func TestTable_Count(t *testing.T) {
	t.Parallel()
	columns := []binlogtest.Column{
		{Type: mysql.MYSQL_TYPE_LONG},
		{Type: mysql.MYSQL_TYPE_VARCHAR, Meta: []byte{0x2c, 0x01}}, // 300 bytes
		{Type: mysql.MYSQL_TYPE_JSON, Meta: []byte{4}},
		{Type: mysql.MYSQL_TYPE_NEWDECIMAL, Meta: []byte{20, 5}},
		{Type: mysql.MYSQL_TYPE_DATETIME2, Meta: []byte{3}},
		{Type: mysql.MYSQL_TYPE_BIT, Meta: []byte{3, 1}},
		{Type: mysql.MYSQL_TYPE_STRING, Meta: []byte{mysql.MYSQL_TYPE_STRING, 10}},
		{Type: mysql.MYSQL_TYPE_STRING, Meta: []byte{mysql.MYSQL_TYPE_ENUM, 1}},
		{Type: mysql.MYSQL_TYPE_BLOB, Meta: []byte{2}},
	}
	full := []byte{0, 0, 1, 0, 0, 0, 2, 0, 'a', 'b', 1, 0, 0, 0, '4'}
	full = append(full, make([]byte, decimalSize(20, 5)+7+2)...)
	full = append(full, 1, 'x', 1, 3, 0, 'b', 'l', 'b')
	nulls := []byte{0xff, 0x01}
	diff := append([]byte{1, 1}, full...) // differences of JSON in the image

	var log binlogtest.Log
	log.Format(false).TableMap(1, "d", "t", columns...).
		Rows(replication.WRITE_ROWS_EVENTv2, 1, 9, full, nulls, full).
		Rows(replication.UPDATE_ROWS_EVENTv2, 1, 9, full, nulls, nulls, full).
		Rows(replication.PARTIAL_UPDATE_ROWS_EVENT, 1, 9, full, diff, full, append([]byte{0}, full...)).
		Rows(replication.DELETE_ROWS_EVENTv2, 1, 9, full[:len(full)-1]).
		Rows(replication.WRITE_ROWS_EVENTv2, 1, 8, full)
	es := events(t, &log)
	var tables Tables
	if err := tables.Format(es[0]); err != nil {
		t.Fatal(err)
	}
	table, _, err := tables.Map(es[1])
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []uint64{3, 2, 2, 0, 0} {
		var r Rows
		if err := r.Parse(es[2+i]); err != nil {
			t.Fatal(err)
		}
		got, err := table.Count(&r)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("event %d: got %d, %v, want %d", i, got, err, want)
		}
	}
}

func FuzzRows(f *testing.F) {
	column := binlogtest.Column{Type: mysql.MYSQL_TYPE_VARCHAR, Meta: []byte{10, 0}}
	var log binlogtest.Log
	log.Format(false).TableMap(1, "d", "t", column).Rows(replication.UPDATE_ROWS_EVENTv2, 1, 1, []byte{0, 1, 'x', 1})
	es := events(f, &log)
	f.Add(es[1].Body, es[2].Body)
	f.Fuzz(func(t *testing.T, tableMap, rows []byte) {
		var tables Tables
		if err := tables.Format(es[0]); err != nil {
			t.Fatal(err)
		}
		var again binlogtest.Log
		again.Event(replication.TABLE_MAP_EVENT, tableMap).Event(replication.UPDATE_ROWS_EVENTv2, rows)
		fuzzed := events(t, &again)
		table, _, err := tables.Map(fuzzed[0])
		var r Rows
		if err != nil || r.Parse(fuzzed[1]) != nil {
			return
		}
		_, _ = table.Count(&r) // it must end, and not beyond the event
	})
}

func FuzzEvents(f *testing.F) {
	f.Add(binlogtest.Query(1, "d", "x", []byte{12, 1, 'a', 0}))
	f.Add([]byte{2, 1, 255, 0, 1, 2, 3})
	f.Fuzz(func(_ *testing.T, body []byte) {
		// None of them may read beyond the body.
		_, _ = ParseQuery(body)
		_, _ = LoadQuery(body)
		_, _ = ParseGTID(body)
		_, _ = ParseTaggedGTID(body)
		var p Payload
		defer p.Close()
		for err := p.Open(body); err == nil; {
			_, err = p.Next()
		}
	})
}
