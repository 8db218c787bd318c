// Package metric has the metrics of the BigQuery sink. None is labelled by
// table: their number has no bound.
package metric

import (
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are counted by the packages that do what is counted.
type Metrics struct {
	Rows, Skipped, Bytes, Appends prometheus.Counter
	SchemaChanges, RowErrors      prometheus.Counter
	Emptied                       prometheus.Counter
	Retries                       *prometheus.CounterVec
	Latency                       prometheus.Histogram
	InFlight, Waiting             prometheus.Gauge
}

// New registers the metrics.
func New(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		Rows:          counter("leat_bigquery_rows_total", "Rows that BigQuery has acknowledged."),
		Skipped:       counter("leat_bigquery_skipped_total", "Messages that make no row: tombstones, logical messages, and truncations that are ignored."),
		Bytes:         counter("leat_bigquery_bytes_total", "Bytes of acknowledged rows."),
		Appends:       counter("leat_bigquery_appends_total", "Requests that BigQuery has acknowledged."),
		SchemaChanges: counter("leat_bigquery_schema_changes_total", "Tables created and altered."),
		Emptied:       counter("leat_bigquery_emptied_rows_total", "Rows deleted because their table was truncated in the source."),
		RowErrors:     counter("leat_bigquery_row_errors_total", "Rows that BigQuery does not take."),
		Retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "leat_bigquery_retries_total", Help: "Requests tried again, by the code of the error.",
		}, []string{"code"}),
		Latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "leat_bigquery_append_seconds", Help: "Time from sending rows to their acknowledgement, retries included.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 16),
		}),
		InFlight: gauge("leat_bigquery_in_flight_bytes", "Bytes of batches taken and not acknowledged."),
		Waiting:  gauge("leat_bigquery_tables_waiting", "Tables whose rows wait for a table or its columns to be known to BigQuery's writers."),
	}
	var err error
	for _, c := range []prometheus.Collector{
		m.Rows, m.Skipped, m.Bytes, m.Appends, m.SchemaChanges, m.RowErrors, m.Emptied, m.Retries, m.Latency, m.InFlight, m.Waiting,
	} {
		err = errors.Join(err, r.Register(c))
	}
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	return m, nil
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}
