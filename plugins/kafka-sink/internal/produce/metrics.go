package produce

import (
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics of a producer. None is labelled by topic: their number has no bound.
type Metrics struct {
	records, tombstones, bytes, batches, splits prometheus.Counter
	retries, errors                             *prometheus.CounterVec
	latency                                     prometheus.Histogram
	inFlight                                    prometheus.Gauge
}

// NewMetrics registers the metrics.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		records:    counter("leat_kafka_records_total", "Records acknowledged by all replicas in sync."),
		tombstones: counter("leat_kafka_tombstones_total", "Acknowledged records without a value."),
		bytes:      counter("leat_kafka_bytes_total", "Bytes of acknowledged records before compression."),
		batches:    counter("leat_kafka_record_batches_total", "Record batches acknowledged."),
		splits:     counter("leat_kafka_splits_total", "Record batches split because a broker found them too large."),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "leat_kafka_retries_total", Help: "Record batches, or lookups of a leader, tried again, by Kafka's error code.",
		}, []string{"code"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "leat_kafka_errors_total", Help: "Failures that ended the producer, by Kafka's error code.",
		}, []string{"code"}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "leat_kafka_request_seconds", Help: "Time from sending a produce request to its answer.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 17),
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "leat_kafka_in_flight_bytes", Help: "Bytes of batches taken and not acknowledged.",
		}),
	}
	var err error
	for _, c := range []prometheus.Collector{
		m.records, m.tombstones, m.bytes, m.batches, m.splits, m.retries, m.errors, m.latency, m.inFlight,
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

// acknowledge counts a batch.
func (m *Metrics) acknowledge(b *batch) {
	tombstones := 0
	for _, r := range b.wire.Records {
		if r.Value == nil {
			tombstones++
		}
	}
	m.batches.Inc()
	m.records.Add(float64(len(b.wire.Records)))
	m.bytes.Add(float64(b.size))
	m.tombstones.Add(float64(tombstones))
}
