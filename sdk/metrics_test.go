package sdk

import (
	"errors"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// contradictory says other things at Collect than at Describe.
type contradictory struct{ prometheus.Collector }

func (contradictory) Describe(chan<- *prometheus.Desc) {}

func (contradictory) Collect(out chan<- prometheus.Metric) {
	for range 2 {
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc("twice", "", nil, nil), prometheus.GaugeValue, 1)
	}
}

func TestRegisterer(t *testing.T) {
	t.Parallel()
	opts := func(name string) prometheus.CounterOpts { return prometheus.CounterOpts{Name: name, Help: "h"} }
	tests := map[string]struct {
		collector prometheus.Collector
		want      string // in the error
	}{
		"OK":                        {prometheus.NewCounterVec(opts("rows_total"), []string{"table"}), ""},
		"OK: the plugin's own":      {prometheus.NewCounter(opts("leat_my_rows_total")), ""},
		"a metric of the host":      {prometheus.NewCounter(opts("leat_records_total")), "begin it with leat_my_"},
		"a metric of the runtime":   {prometheus.NewCounter(opts("go_goroutines")), "begins with go_"},
		"a collector of the whole":  {collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), "begins with process_"},
		"a label of the host":       {prometheus.NewCounterVec(opts("a"), []string{"pipeline"}), "labels other than pipeline and plugin"},
		"a constant one":            {prometheus.NewCounter(prometheus.CounterOpts{Name: "a", ConstLabels: prometheus.Labels{"plugin": "x"}}), "labels other than pipeline and plugin"},
		"a name that is none":       {prometheus.NewCounter(opts("a\xff")), "not a valid metric name"},
		"OK: what is not described": {contradictory{}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &registerer{Registerer: prometheus.NewRegistry(), plugin: "my-sink"}
			err := r.Register(tt.collector)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if panics := panicsWith(func() { r.MustRegister(tt.collector) }); err != nil && panics == nil {
				t.Error("MustRegister takes it")
			}
		})
	}
	t.Run("the registry's own errors stay", func(t *testing.T) {
		t.Parallel()
		r := &registerer{Registerer: prometheus.NewRegistry(), plugin: "my-sink"}
		c := prometheus.NewCounter(opts("a"))
		if err := errors.Join(r.Register(c), r.Register(prometheus.NewCounter(opts("b")))); err != nil {
			t.Fatal(err)
		}
		if err := r.Register(c); !errors.As(err, &prometheus.AlreadyRegisteredError{}) {
			t.Errorf("got %v", err)
		}
	})
}

func panicsWith(f func()) (what any) {
	defer func() { what = recover() }()
	f()
	return nil
}

func TestGatherLeavesContradictionsOut(t *testing.T) {
	t.Parallel()
	r := prometheus.NewRegistry()
	r.MustRegister(contradictory{}, prometheus.NewCounter(prometheus.CounterOpts{Name: "good"}))
	b, err := gather(r)
	if err == nil || !strings.Contains(string(b), "good") {
		t.Errorf("got %q, %v", b, err)
	}
}
