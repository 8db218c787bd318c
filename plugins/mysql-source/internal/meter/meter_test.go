package meter

import (
	"testing"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/position"
)

// gather returns the values by name and labels.
func gather(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			out[name] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return out
}

func TestMeter(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	m, err := New(registry)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		m.Event(replication.XID_EVENT)
	}
	m.Event(99)
	m.Rows(1, 5)
	m.Rows(3, 2)
	m.At(7, 1234, 100)
	m.At(7, 2000, 50)
	m.Reconnected()
	m.Statement()
	m.Ignored("u")
	m.SetSnapshot(Snapshot{Rows: 4, Total: 10, Tables: 3, TablesDone: 1, Table: name("t"), TableRows: 1, TableTotal: 2})
	want := map[string]float64{
		"leat_mysql_ddl_applied_total":             1,
		"leat_mysql_events_total XIDEvent":         3,
		"leat_mysql_events_total type 99":          1,
		"leat_mysql_ignored_transactions_total u":  1,
		"leat_mysql_log_file_number":               7,
		"leat_mysql_log_position_bytes":            2000,
		"leat_mysql_read_bytes_total":              150,
		"leat_mysql_reconnects_total":              1,
		"leat_mysql_rows_total delete":             2,
		"leat_mysql_rows_total insert":             5,
		"leat_mysql_seconds_behind":                0,
		"leat_mysql_snapshot_rows done":            4,
		"leat_mysql_snapshot_rows total":           10,
		"leat_mysql_snapshot_table_rows d done t":  1,
		"leat_mysql_snapshot_table_rows d total t": 2,
		"leat_mysql_snapshot_tables done":          1,
		"leat_mysql_snapshot_tables total":         3,
	}
	if diff := cmp.Diff(want, gather(t, registry)); diff != "" {
		t.Error(diff)
	}
	m.Read(&Group{At: time.Now().Add(-time.Minute).UnixMicro()}, position.Place{})
	if got := m.lag.seconds(); got < 60 || got > 120 {
		t.Errorf("%v seconds behind, want 60", got)
	}
	m.CaughtUp()
	if got := m.lag.seconds(); got != 0 {
		t.Errorf("%v seconds behind when nothing is left", got)
	}
	m.lag.caughtUp.Add(-60e6)
	m.Lost()
	m.Lost()
	if got := m.lag.seconds(); got < 60 || got > 120 {
		t.Errorf("%v seconds behind a server that is away for a minute", got)
	}
	m.CaughtUp()
	if got := m.lag.seconds(); got != 0 {
		t.Errorf("%v seconds behind when it is there again", got)
	}
	if _, err := New(registry); err == nil {
		t.Error("the same metrics were registered twice")
	}
}
