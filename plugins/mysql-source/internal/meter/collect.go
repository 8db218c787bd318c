package meter

import "github.com/prometheus/client_golang/prometheus"

// Behind is what the server has and was not read, as far as it is known.
type Behind struct {
	// Bytes of the log that were not read; nil if that is not known.
	Bytes *uint64
	// Sinks by their name.
	Sinks map[string]SinkBehind
}

// SinkBehind is what the server has and a sink has not made durable.
type SinkBehind struct{ Transactions, Bytes *uint64 }

// SetBehind says how far the source and its sinks are behind the server.
func (m *Meter) SetBehind(b Behind) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unread = b
}

// The metrics that are absent until there is something to tell.
var (
	descTransaction      = prometheus.NewDesc("leat_mysql_last_transaction_timestamp_seconds", "When the newest transaction that was read was committed, of any table.", nil, nil)
	descRow              = prometheus.NewDesc("leat_mysql_last_row_timestamp_seconds", "When the newest row that was sent was changed.", nil, nil)
	descBytesBehind      = prometheus.NewDesc("leat_mysql_log_bytes_behind", "Bytes of the binary log that the server has and that were not read.", nil, nil)
	descSinkTransactions = prometheus.NewDesc("leat_mysql_sink_transactions_behind", "Transactions that the server has executed and a sink has not made durable.", []string{"sink"}, nil)
	descSinkBytes        = prometheus.NewDesc("leat_mysql_sink_log_bytes_behind", "Bytes of the binary log behind the position that a sink has made durable.", []string{"sink"}, nil)
	descTableRows        = prometheus.NewDesc("leat_mysql_table_rows_total", "Rows of a table sent.", []string{"database", "table"}, nil)
	descTableLast        = prometheus.NewDesc("leat_mysql_table_last_change_timestamp_seconds", "When the newest row that was sent of a table was changed.", []string{"database", "table"}, nil)
)

// otherTables is the name of those without one of their own; no database is
// without a name.
const otherTables = "other"

// collector shows the progress.
type collector struct{ *Meter }

// Describe is Prometheus's.
func (c collector) Describe(out chan<- *prometheus.Desc) {
	own := []*prometheus.Desc{descTransaction, descRow, descBytesBehind, descSinkTransactions, descSinkBytes, descTableRows, descTableLast}
	for _, d := range append(own, snapshotDescs...) {
		out <- d
	}
}

// Collect is Prometheus's.
func (c collector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, n *uint64, labels ...string) {
		if n != nil {
			gauge(d, float64(*n), labels...)
		}
	}
	moment := func(d *prometheus.Desc, at int64, labels ...string) {
		if at != 0 {
			gauge(d, float64(at)/1e6, labels...)
		}
	}
	p := c.Progress()
	moment(descTransaction, p.LastTransaction)
	moment(descRow, p.LastRow)
	for _, t := range p.Tables {
		name := t.Name.Table
		if t.Name.Database == "" {
			name = otherTables
		}
		out <- prometheus.MustNewConstMetric(descTableRows, prometheus.CounterValue, float64(t.Rows), t.Name.Database, name)
		moment(descTableLast, t.Last, t.Name.Database, name)
	}
	c.collectSnapshot(gauge)
	b := c.BehindNow()
	count(descBytesBehind, b.Bytes)
	for sink, n := range b.Sinks {
		count(descSinkTransactions, n.Transactions, sink)
		count(descSinkBytes, n.Bytes, sink)
	}
}

// BehindNow returns what SetBehind was told.
func (m *Meter) BehindNow() Behind {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.unread
}
