package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registry"
	"github.com/leat-io/leat/sdk"
)

// metrics are those in the README's table.
type metrics struct {
	messages *prometheus.CounterVec
	// byOp has the counters of messages that were needed so far: a batch may be
	// one message, and to look one up takes longer than to make one.
	byOp     [256]prometheus.Counter
	registry registry.Metrics
}

// operations are those that messages are counted by.
var operations = [...]sdk.Op{sdk.Create, sdk.Read, sdk.Update, sdk.Delete, sdk.Truncate, tombstone}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "leat_avro_" + name, Help: help})
	}
	m := &metrics{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "leat_avro_messages_total", Help: "Messages made, by Debezium's operation; op=\"tombstone\" for those without a value.",
		}, []string{"op"}),
		registry: registry.Metrics{
			Registrations: counter("registrations_total", "Schemas sent to the registry and accepted, whether it knew them or not."),
			CacheHits:     counter("schema_cache_hits_total", "Schemas whose id was known without asking the registry."),
			Retries:       counter("registry_retries_total", "Attempts that the registry did not answer."),
			Up:            prometheus.NewGauge(prometheus.GaugeOpts{Name: "leat_avro_registry_up", Help: "0 while a schema waits for the registry, else 1."}),
		},
	}
	m.registry.Up.Set(1)
	for _, c := range []prometheus.Collector{m.messages, m.registry.Registrations, m.registry.CacheHits, m.registry.Retries, m.registry.Up} {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// made returns the counter of messages of an operation.
func (m *metrics) made(op sdk.Op) prometheus.Counter {
	if m.byOp[op] == nil {
		label := "tombstone"
		if op != tombstone {
			label = string(op)
		}
		m.byOp[op] = m.messages.WithLabelValues(label)
	}
	return m.byOp[op]
}
