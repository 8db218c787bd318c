package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/sdktest"
)

// A sink holds the host back once in_flight bytes wait for BigQuery, and no sooner.
func TestBackPressure(t *testing.T) {
	t.Parallel()
	s := warehouse(t)
	c := DefaultConfig()
	c.Project, c.Dataset, c.CreateDataset, c.InFlight = "p", "shop", true, config.MiB
	c.Endpoint = Endpoint{REST: s.RESTURL, GRPC: s.GRPCAddr, Insecure: true}
	sink, err := New(c, sdk.Env{Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	if err := sink.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Faults().Add(fault.Rule{Outcome: fault.SlowAck(2 * time.Second)})

	r := orders(t)
	half := func(id int64) *sdk.Batch {
		v := values{"id": id, "note": note(strings.Repeat("x", 500_000))}
		return sdktest.Batch(t, newBatch().upsert(t, r, uint64(id), v).records...)
	}
	done := make(chan error, 3)
	for i := range int64(2) {
		sink.Write(t.Context(), half(i), func(err error) { done <- err })
	}
	if len(done) > 0 {
		t.Error("the second batch was not taken before the first was done, though both fit")
	}
	sink.Write(t.Context(), half(2), func(err error) { done <- err })
	if len(done) == 0 {
		t.Error("the third batch was taken while the first two were open")
	}
	if err := sink.Close(t.Context()); err != nil {
		t.Error(err)
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := len(rows(t, s, "shop_orders")); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
}
