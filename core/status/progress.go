package status

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Progress is how far a source has come, apart from heartbeats.
type Progress struct {
	// LastTransaction is when the newest transaction that was read was committed, of
	// any table, and LastRow when the newest row that was sent was changed.
	LastTransaction time.Time `json:"last_transaction,omitzero"`
	LastRow         time.Time `json:"last_row,omitzero"`
	// TransactionsBehind is how many the system has committed and the source has not
	// read; nil if that is not known.
	TransactionsBehind *uint64 `json:"transactions_behind,omitempty"`
	// RetentionSeconds is how long until the system throws away what the slowest
	// sink still needs; nil if that is not known. Retention says what that is.
	RetentionSeconds *float64 `json:"retention_seconds,omitempty"`
	Retention        string   `json:"retention,omitempty"`
	// Tables that changed most recently, and the others together without a name.
	Tables []Table `json:"tables,omitempty"`
}

// Table is what a source has sent of one table in its process.
type Table struct {
	Database string `json:"database,omitempty"`
	Schema   string `json:"schema,omitempty"`
	Table    string `json:"table,omitempty"`
	Rows     uint64 `json:"rows"`
	// LastChange is when the newest of the rows was changed.
	LastChange time.Time `json:"last_change,omitzero"`
}

// The metrics of progress that every source and sink has.
var (
	descSourceBehind = prometheus.NewDesc("leat_source_transactions_behind", "Transactions that the system has committed and the source has not read.", pluginLabels, nil)
	descRetention    = prometheus.NewDesc("leat_source_retention_seconds", "Time until the system throws away what the slowest sink still needs; 0 if it may happen any moment, or has happened.", pluginLabels, nil)
	descLastRecord   = prometheus.NewDesc("leat_last_record_timestamp_seconds", "When the newest record that a sink has made durable happened, heartbeats apart.", pluginLabels, nil)
)

// collectProgress sends what is known; what is not is absent.
func collectProgress(p *Plugin, gauge func(d *prometheus.Desc, v float64)) {
	if !p.LastRecord.IsZero() {
		gauge(descLastRecord, float64(p.LastRecord.UnixMicro())/1e6)
	}
	if p.Progress == nil {
		return
	}
	if n := p.Progress.TransactionsBehind; n != nil {
		gauge(descSourceBehind, float64(*n))
	}
	if s := p.Progress.RetentionSeconds; s != nil {
		gauge(descRetention, *s)
	}
}
