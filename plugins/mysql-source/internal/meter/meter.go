// Package meter has the metrics of the source. Those that count events are
// plain fields of the reading goroutine, added to the registered counters when
// it has a moment, since an atomic operation an event would be felt. What has to
// be right while that goroutine is held up, as its sinks take nothing, is under a
// lock that is taken once a transaction.
//
// Start reading at New, then tail.go and tables.go.
package meter

import (
	"strconv"
	"sync"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/mysql-source/internal/table"
)

// Meter is written by one goroutine, and read by any.
type Meter struct {
	events     *prometheus.CounterVec
	rows       *prometheus.CounterVec
	bytes      prometheus.Counter
	behind     prometheus.GaugeFunc
	logFile    prometheus.Gauge
	logPos     prometheus.Gauge
	reconnects prometheus.Counter
	statements prometheus.Counter
	unlogged   *prometheus.CounterVec
	unequal    *prometheus.GaugeVec
	ignored    *prometheus.CounterVec

	counts   [256]uint64
	inserted [4]uint64
	lag      lag

	byName  map[table.Name]*Table // of the reading goroutine
	touched []*Table              // likewise: those with rows that are not shown

	mu                       sync.Mutex // of what is read beside the reading goroutine, once a transaction
	tail                     Tail
	lastTransaction, lastRow int64
	shown                    []*TableRows
	others                   TableRows
	fullUntil                int64
	unread                   Behind
	snapshot                 *Snapshot // nil if none was begun
}

// New makes the metrics and registers them.
func New(r prometheus.Registerer) (*Meter, error) {
	m := &Meter{
		byName:     map[table.Name]*Table{},
		events:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leat_mysql_events_total", Help: "Events read from the binary log, by type."}, []string{"type"}),
		rows:       prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leat_mysql_rows_total", Help: "Rows of captured tables read from the binary log, by operation."}, []string{"op"}),
		bytes:      prometheus.NewCounter(prometheus.CounterOpts{Name: "leat_mysql_read_bytes_total", Help: "Bytes of the binary log read."}),
		logFile:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "leat_mysql_log_file_number", Help: "Number in the name of the log file being read."}),
		logPos:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "leat_mysql_log_position_bytes", Help: "Offset in the log file being read."}),
		reconnects: prometheus.NewCounter(prometheus.CounterOpts{Name: "leat_mysql_reconnects_total", Help: "Connections to the server that broke and were made again."}),
		statements: prometheus.NewCounter(prometheus.CounterOpts{Name: "leat_mysql_ddl_applied_total", Help: "Statements that changed tracked table definitions."}),
		ignored:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leat_mysql_ignored_transactions_total", Help: "Transactions that gtid.include and gtid.exclude left out, by the server that they are of."}, []string{"server_uuid"}),
	}
	m.unlogged = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leat_mysql_unlogged_changes_total", Help: "Captured tables whose rows a statement changed without row events, by kind."}, []string{"kind"})
	m.unequal = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "leat_mysql_unequal_tables", Help: "Tables that are not equal to a sink's copy any more, by sink."}, []string{"sink"})
	m.behind = prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "leat_mysql_seconds_behind", Help: "Age of the last event read; 0 when the server has sent everything."}, m.lag.seconds)
	for _, c := range []prometheus.Collector{m.events, m.rows, m.bytes, m.behind, m.logFile, m.logPos, m.reconnects, m.statements, m.unlogged, m.unequal, m.ignored, collector{m}} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Event counts an event.
func (m *Meter) Event(t replication.EventType) { m.counts[t]++ }

// Rows counts rows of one operation (1 insert, 2 update, 3 delete).
func (m *Meter) Rows(op int, n uint64) { m.inserted[op&3] += n }

// Reconnected counts a connection that was made again.
func (m *Meter) Reconnected() { m.reconnects.Inc() }

// Statement counts a statement that changed a definition.
func (m *Meter) Statement() { m.statements.Inc() }

// Unlogged counts a table whose rows a statement changed without row events.
func (m *Meter) Unlogged(kind string) { m.unlogged.WithLabelValues(kind).Inc() }

// Unequal says how many tables of a sink are not equal any more.
func (m *Meter) Unequal(sink string, tables int) {
	m.unequal.WithLabelValues(sink).Set(float64(tables))
}

// Ignored counts a transaction of a server that is left out.
func (m *Meter) Ignored(server string) { m.ignored.WithLabelValues(server).Inc() }

// CaughtUp says that the server has nothing more.
func (m *Meter) CaughtUp() {
	m.lag.caughtUp.Store(now())
	m.lag.seen.Store(0)
}

// Lost says that the server cannot be read: it had nothing more when it last said
// so, and what happens there since is not known.
func (m *Meter) Lost() { m.lag.seen.CompareAndSwap(0, m.lag.caughtUp.Load()) }

// At says where in the log the reader is, and adds up what was counted.
func (m *Meter) At(file, pos, bytes uint64) {
	m.logFile.Set(float64(file))
	m.logPos.Set(float64(pos))
	m.bytes.Add(float64(bytes))
	for t, n := range m.counts {
		if n > 0 {
			m.events.WithLabelValues(eventName(replication.EventType(t))).Add(float64(n))
			m.counts[t] = 0
		}
	}
	for op, n := range m.inserted {
		if n > 0 {
			m.rows.WithLabelValues([...]string{"", "insert", "update", "delete"}[op]).Add(float64(n))
			m.inserted[op] = 0
		}
	}
}

func eventName(t replication.EventType) string {
	if name := t.String(); name != "UnknownEvent" {
		return name
	}
	return "type " + strconv.Itoa(int(t))
}

func now() int64 { return time.Now().UnixMicro() }
