package meter

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

func newMeter(t *testing.T) (*Meter, *prometheus.Registry) {
	t.Helper()
	r := prometheus.NewRegistry()
	m, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	return m, r
}

func place(pos uint64) position.Place { return position.Place{File: "log.1", Pos: pos} }

func name(t string) table.Name { return table.Name{Database: "d", Table: t} }

func TestMeter_Tail(t *testing.T) {
	t.Parallel()
	m, _ := newMeter(t)
	if got := m.Tail(); got.Server != "" {
		t.Errorf("read %+v before a connection", got)
	}
	m.Reading(Tail{Server: "s", Start: place(4), Place: place(4), Transactions: 10, Counted: true})
	m.Read(&Group{At: 5, Taken: true}, place(100))
	m.Read(&Group{At: 3}, place(200)) // one that is left out
	m.Read(&Group{At: 4, Domain: 2, Sequence: 7}, place(300))
	m.Rest(place(350))
	want := Tail{Server: "s", Start: place(4), Place: place(350), Transactions: 11, Counted: true, Domains: map[uint32]uint64{2: 7}}
	got := m.Tail()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	m.Read(&Group{Domain: 2, Sequence: 8}, place(400))
	if got.Domains[2] != 7 {
		t.Error("what was asked for changes with what is read")
	}
	m.Reading(Tail{Server: "t"})
	if got := m.Tail(); got.Server != "t" || len(got.Domains) != 0 {
		t.Errorf("another connection goes on with %+v", got)
	}
}

func TestMeter_Progress(t *testing.T) {
	t.Parallel()
	m, registry := newMeter(t)
	a, b := m.Table(name("a")), m.Table(name("b"))
	m.Reading(Tail{})
	a.Sent(2, 3e6)
	a.Sent(1, 4e6)
	b.Sent(1, 2e6)
	if got := m.Progress(); len(got.Tables) != 0 {
		t.Errorf("rows of a transaction that is not read are shown: %+v", got)
	}
	m.Read(&Group{At: 5e6}, place(1))
	m.Read(&Group{At: 9e6}, place(2)) // without rows of captured tables
	m.Read(&Group{At: 8e6}, place(3)) // a replica's, committed earlier
	want := Progress{LastTransaction: 9e6, LastRow: 4e6, Tables: []TableRows{{Name: name("a"), Rows: 3, Last: 4e6}, {Name: name("b"), Rows: 1, Last: 2e6}}}
	if diff := cmp.Diff(want, m.Progress(), cmpopts.IgnoreUnexported(TableRows{})); diff != "" {
		t.Error(diff)
	}
	before := m.Table(name("a"))
	if before != a {
		t.Error("a table has two counters")
	}
	bytes, lacks := uint64(77), uint64(5)
	m.SetBehind(Behind{Bytes: &bytes, Sinks: map[string]SinkBehind{"k": {Transactions: &lacks}, "q": {Bytes: &bytes}}})
	shown := map[string]float64{
		"leat_mysql_last_transaction_timestamp_seconds":      9,
		"leat_mysql_last_row_timestamp_seconds":              4,
		"leat_mysql_log_bytes_behind":                        77,
		"leat_mysql_sink_transactions_behind k":              5,
		"leat_mysql_sink_log_bytes_behind q":                 77,
		"leat_mysql_table_rows_total d a":                    3,
		"leat_mysql_table_rows_total d b":                    1,
		"leat_mysql_table_last_change_timestamp_seconds d a": 4,
		"leat_mysql_table_last_change_timestamp_seconds d b": 2,
	}
	if diff := cmp.Diff(shown, only(gather(t, registry), shown)); diff != "" {
		t.Error(diff)
	}
	m.SetBehind(Behind{})
	if _, there := gather(t, registry)["leat_mysql_log_bytes_behind"]; there {
		t.Error("what is not known any more is shown")
	}
}

// only returns the values that have a name in want.
func only(all, want map[string]float64) map[string]float64 {
	out := map[string]float64{}
	for k := range want {
		if v, ok := all[k]; ok {
			out[k] = v
		}
	}
	return out
}

func TestTable_manyRows(t *testing.T) {
	t.Parallel()
	m, _ := newMeter(t)
	a := m.Table(name("a"))
	a.Sent(flushRows-1, 1)
	if got := m.Progress(); got.LastRow != 0 {
		t.Errorf("shown too early: %+v", got)
	}
	a.Sent(1, 1)
	if got := m.Progress(); got.LastRow != 1 || got.Tables[0].Rows != flushRows {
		t.Errorf("a long transaction is not shown: %+v", got)
	}
}

func TestMeter_manyTables(t *testing.T) {
	t.Parallel()
	m, registry := newMeter(t)
	send := func(n int, rows uint64, at int64) {
		m.Table(name(fmt.Sprint(n))).Sent(rows, at)
		m.Read(&Group{At: at}, place(1))
	}
	m.Reading(Tail{})
	for n := range shownTables + 3 {
		send(n, 1, 1000+int64(n))
	}
	check := func(others uint64, want, gone string) {
		t.Helper()
		p := m.Progress()
		last := p.Tables[len(p.Tables)-1]
		if len(p.Tables) != shownTables+1 || last.Rows != others || last.Name != (table.Name{}) {
			t.Errorf("%d tables, the rest has %+v; want %d rows", len(p.Tables), last, others)
		}
		names := map[string]bool{}
		for _, r := range p.Tables {
			names[r.Name.Table] = true
		}
		if !names[want] || names[gone] {
			t.Errorf("table %s is shown: %t, %s: %t", want, names[want], gone, names[gone])
		}
	}
	check(3, "0", "200")
	send(201, 5, quiet) // none is quiet for long enough
	check(8, "0", "201")
	send(0, 1, quiet)
	send(201, 6, quiet+1001) // they were gone through just now
	check(14, "1", "201")
	send(201, 7, quiet+2e6)
	check(15, "201", "1") // with the row that 1 had
	send(1, 1, quiet+2e6)
	check(16, "1", "2")
	rows := gather(t, registry)["leat_mysql_table_rows_total  other"]
	if rows != 16 {
		t.Errorf("%v rows of other tables", rows)
	}
}
