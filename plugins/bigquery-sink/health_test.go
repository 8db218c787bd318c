package main

import (
	"log/slog"
	"regexp"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// Health says which table waits for what, since when and why, and is well again
// when the wait is over.
func TestHealth(t *testing.T) {
	t.Parallel()
	later := func(call string, o fault.Outcome) func(*bigquery.Server) {
		return func(s *bigquery.Server) {
			s.Faults().Add(fault.Rule{Call: call, Table: "shop.shop_orders", Times: fault.Always, Outcome: o})
		}
	}
	tests := map[string]struct {
		begin func(*bigquery.Server)
		end   func(*bigquery.Server)
		want  string
	}{
		"a new column that writers do not see": {
			func(s *bigquery.Server) { s.SetDelays(bigquery.Delays{Schema: 2 * time.Second}) }, func(*bigquery.Server) {},
			`^table shop\.shop_orders waits \ds for BigQuery to show column "age" to writers$`,
		},
		"an append that is refused": {
			later("", fault.Unavailable()), func(s *bigquery.Server) { s.Faults().Clear() },
			`^table shop\.shop_orders waits \ds for BigQuery to take 1 rows, \d+ attempts: rpc error: code = Unavailable desc = The service is currently unavailable\.$`,
		},
		"an append over the quota, which has a cure": {
			later("", fault.QuotaExceeded()), func(s *bigquery.Server) { s.Faults().Clear() },
			`^table shop\.shop_orders waits \ds for BigQuery to take 1 rows, \d+ attempts: rpc error: code = ResourceExhausted desc = Quota exceeded: .*: raise the quota in the project if it lasts$`,
		},
		"a new table that writers do not see, which is no matter of rights": {
			func(s *bigquery.Server) {
				s.Faults().Add(fault.Rule{Times: fault.Always, Outcome: fault.Outcome{Code: codes.PermissionDenied, Message: "Permission 'TABLES_UPDATE_DATA' denied (or it may not exist)."}})
			},
			func(s *bigquery.Server) { s.Faults().Clear() },
			`^table shop\.shop_orders waits \ds for BigQuery to take 1 rows, \d+ attempts: rpc error: code = PermissionDenied desc = Permission 'TABLES_UPDATE_DATA' denied \(or it may not exist\)\.$`,
		},
		"an append that has no answer": {
			func(s *bigquery.Server) { s.Faults().Add(fault.Rule{Outcome: fault.SlowAck(3 * time.Second)}) }, func(*bigquery.Server) {},
			`^table shop\.shop_orders waits \ds for BigQuery to answer an append of 1 rows$`,
		},
		"a Tables API that is down": {
			later("tables.get", fault.Outcome{Code: codes.Unavailable, Message: "no backend"}), func(s *bigquery.Server) { s.Faults().Clear() },
			`^table shop\.shop_orders waits \ds for BigQuery to answer a request to read its metadata, \d+ attempts: googleapi: Error 503: no backend, backendError$`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			c := DefaultConfig()
			c.Project, c.Dataset, c.CreateDataset = "p", "shop", true
			c.Endpoint = Endpoint{REST: s.RESTURL, GRPC: s.GRPCAddr, Insecure: true}
			sink, err := New(c, sdk.Env{Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()})
			if err != nil {
				t.Fatal(err)
			}
			sink.waits.Grace = time.Second
			if err := sink.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 2)
			write := func(b *batch) {
				sink.Write(t.Context(), sdktest.Batch(t, b.records...), func(err error) { done <- err })
			}
			write(newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			tt.begin(s)
			wide := newTable(t, "shop.shop.orders", 1, idField, noteField, ageField)
			write(newBatch().upsert(t, wide, 2, values{"id": int64(2), "note": nil, "age": nil}))
			if err := sink.Health(); err != nil {
				t.Errorf("not well at once: %v", err)
			}
			until(t, func() bool { return sink.Health() != nil })
			if err := sink.Health(); err == nil || !regexp.MustCompile(tt.want).MatchString(err.Error()) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			tt.end(s)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if err := sink.Health(); err != nil {
				t.Errorf("not well when the wait is over: %v", err)
			}
			if err := sink.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
