package main

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	transform := start(t, newPlugin(), settings(registrytest.New(t), nil))
	key, other, row := itemKey(1, "a"), itemKey(2, "a"), item(1, "a", 5)
	got := pipe(t, transform, write(items,
		sdk.Change{Op: sdk.Create, Key: key, After: row},
		sdk.Change{Op: sdk.Update, Key: key, Before: row, After: row},
		sdk.Change{Op: sdk.Update, Key: other, OldKey: key, Before: row, After: item(2, "a", 5)},
		sdk.Change{Op: sdk.Delete, Key: other, Before: item(2, "a", 5)},
	))
	if len(views(t, got)) != 7 {
		t.Fatalf("got %d messages", len(got.messages))
	}
	want := map[string]float64{
		"leat_avro_messages_total c": 2, "leat_avro_messages_total u": 1, "leat_avro_messages_total d": 2,
		"leat_avro_messages_total tombstone": 2, "leat_avro_registrations_total": 2, "leat_avro_registry_up": 1,
		"leat_avro_registry_retries_total": 0, "leat_avro_schema_cache_hits_total": 0,
	}
	if diff := cmp.Diff(want, readings(t, transform)); diff != "" {
		t.Error(diff)
	}
}

// readings are the plugin's metrics as the host gets them.
func readings(t *testing.T, p *plugin) map[string]float64 {
	t.Helper()
	res, err := p.server.Metrics(t.Context(), &leatv1.MetricsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	r := bytes.NewReader(res.GetFamilies())
	for {
		var f dto.MetricFamily
		err := protodelim.UnmarshalFrom(r, &f)
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			got[name] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	r := prometheus.NewRegistry()
	if _, err := newMetrics(r); err != nil {
		t.Fatal(err)
	}
	if _, err := newMetrics(r); err == nil {
		t.Error("a second registration passed")
	}
}

func TestTrimLetsGoOfLargeBuffers(t *testing.T) {
	t.Parallel()
	e := newEmitter(validConfig(), nil)
	e.key = make([]byte, 5<<20)
	e.value = make([]byte, 5<<20)
	e.trim()
	if cap(e.key) != 0 || cap(e.value) != 0 {
		t.Errorf("kept %d and %d bytes", cap(e.key), cap(e.value))
	}
}
