package main

import (
	"context"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// leaks are goroutines of Google's clients that stay for good, or for a while.
var leaks = []goleak.Option{
	goleak.IgnoreTopFunction("go.opencensus.io/stats/view.(*worker).start"),
	goleak.IgnoreAnyFunction("cloud.google.com/go/bigquery/storage/managedwriter.(*connection).getStream.func1"),
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, leaks...) }

func newPlugin() *sdk.Plugin { return sdk.NewSink(info(), DefaultConfig, New) }

// warehouse starts a stand-in.
func warehouse(t *testing.T) *bigquery.Server {
	t.Helper()
	s, err := bigquery.Start(context.WithoutCancel(t.Context()), bigquery.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// settings of a sink that writes to the stand-in; more overrides them.
func settings(s *bigquery.Server, more map[string]any) map[string]any {
	c := map[string]any{
		"project": "p", "dataset": "shop", "create_dataset": true,
		"endpoint": map[string]any{"rest": s.RESTURL, "grpc": s.GRPCAddr, "insecure": true},
	}
	maps.Copy(c, more)
	return c
}

// host stands where the host stands.
type host struct{ *sdktest.SinkRun }

// connect starts a sink that writes to the stand-in.
func connect(t *testing.T, s *bigquery.Server, more map[string]any) host {
	t.Helper()
	r, err := sdktest.RunSink(t, newPlugin(), settings(s, more))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(r.Kill)
	return host{r}
}

// write sends batches and waits until they are durable.
func (h host) write(t *testing.T, batches ...*batch) {
	t.Helper()
	if err := h.try(batches...); err != nil {
		t.Fatal(err)
	}
}

// try sends batches and returns what comes of them.
func (h host) try(batches ...*batch) error {
	for _, b := range batches {
		h.Send(b.records...)
	}
	return h.Settle()
}

// rows reads what a query would show.
func rows(t *testing.T, s *bigquery.Server, table string) []map[string]any {
	t.Helper()
	got, err := s.Table("shop", table).Rows()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func expect(t *testing.T, s *bigquery.Server, table string, want []map[string]any) {
	t.Helper()
	if diff := cmp.Diff(want, rows(t, s, table)); diff != "" {
		t.Errorf("rows of %s (-want +got):\n%s", table, diff)
	}
}
