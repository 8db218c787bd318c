package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// However long BigQuery is away, the sink waits, and goes on within five seconds
// when it is back.
func TestOutage(t *testing.T) {
	t.Parallel()
	const outage, within = 1500 * time.Millisecond, 5*time.Second + 500*time.Millisecond
	always := func(calls []string, o fault.Outcome) func(*testing.T, *bigquery.Server, *gate, *gate) func(*testing.T) {
		return func(_ *testing.T, s *bigquery.Server, _, _ *gate) func(*testing.T) {
			for _, c := range calls {
				s.Faults().Add(fault.Rule{Call: c, Times: fault.Always, Outcome: o})
			}
			return func(*testing.T) { s.Faults().Clear() }
		}
	}
	answer := func(code codes.Code, message string) fault.Outcome {
		return fault.Outcome{Code: code, Message: message}
	}
	rest := []string{"tables.get", "tables.insert", "tables.patch", "datasets.insert"}
	write := []string{fault.AppendRows, "GetWriteStream"}
	tests := map[string]func(*testing.T, *bigquery.Server, *gate, *gate) (over func(*testing.T)){
		"connections are refused": func(_ *testing.T, _ *bigquery.Server, r, w *gate) func(*testing.T) {
			r.shut()
			w.shut()
			return func(t *testing.T) { r.open(t); w.open(t) }
		},
		"connections of writers are refused": func(_ *testing.T, _ *bigquery.Server, _, w *gate) func(*testing.T) {
			w.shut()
			return w.open
		},
		"writers get UNAVAILABLE":                   always(write, fault.Unavailable()),
		"writers get DEADLINE_EXCEEDED":             always(write, answer(codes.DeadlineExceeded, "Deadline expired before operation could complete.")),
		"writers get RESOURCE_EXHAUSTED":            always(write, fault.QuotaExceeded()),
		"writers get INTERNAL":                      always(write, fault.StreamReset()),
		"the Tables API says 503":                   always(rest, answer(codes.Unavailable, "Service unavailable.")),
		"the Tables API says 500":                   always(rest, answer(codes.Internal, "An internal error occurred.")),
		"the Tables API says that the rate is over": always(rest, answer(codes.ResourceExhausted, "Exceeded rate limits")),
	}
	for name, begin := range tests {
		for _, start := range []bool{true, false} {
			title := "while running, " + name
			if start {
				if !strings.HasSuffix(name, " refused") && !strings.Contains(name, "50") {
					continue // what comes at start differs by how BigQuery is reached
				}
				title = "at start, " + name
			}
			t.Run(title, func(t *testing.T) {
				t.Parallel()
				s := warehouse(t)
				r, w := newGate(t, strings.TrimPrefix(s.RESTURL, "http://")), newGate(t, s.GRPCAddr)
				r.open(t)
				w.open(t)
				var over func(*testing.T)
				if start {
					over = begin(t, s, r, w)
				}
				h := connect(t, s, map[string]any{"endpoint": map[string]any{"rest": "http://" + r.addr, "grpc": w.addr, "insecure": true}})
				first, wide := orders(t), newTable(t, "shop.shop.orders", 1, idField, noteField, ageField)
				if !start {
					h.write(t, newBatch().upsert(t, first, 1, values{"id": int64(1), "note": nil}))
					over = begin(t, s, r, w)
				}
				h.Send(newBatch().upsert(t, first, 2, values{"id": int64(2), "note": nil}).records...)
				h.Send(newBatch().upsert(t, wide, 3, values{"id": int64(3), "note": nil, "age": age(3)}).records...)
				time.Sleep(outage)
				over(t)
				back := time.Now()
				if err := h.Settle(); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(back); took > within {
					t.Errorf("goes on %v after BigQuery is back", took)
				}
				got := len(rows(t, s, "shop_orders"))
				if want := map[bool]int{true: 2, false: 3}[start]; got != want {
					t.Errorf("%d rows, want %d", got, want)
				}
			})
		}
	}
}

// A sink is closed in an outage when its time is up, with an error for what was
// not acknowledged.
func TestCloseInAnOutage(t *testing.T) {
	t.Parallel()
	for name, rest := range map[string]bool{"of the Tables API": true, "of writers": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			r, w := newGate(t, strings.TrimPrefix(s.RESTURL, "http://")), newGate(t, s.GRPCAddr)
			r.open(t)
			w.open(t)
			c := DefaultConfig()
			c.Project, c.Dataset, c.CreateDataset = "p", "shop", true
			c.Endpoint = Endpoint{REST: "http://" + r.addr, GRPC: w.addr, Insecure: true}
			sink, err := New(c, sdk.Env{Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()})
			if err != nil {
				t.Fatal(err)
			}
			if err := sink.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 2)
			write := func(id int64) {
				b := newBatch().upsert(t, orders(t), uint64(id), values{"id": id, "note": nil})
				sink.Write(t.Context(), sdktest.Batch(t, b.records...), func(err error) { done <- err })
			}
			if rest {
				r.shut()
			} else {
				write(1)
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				w.shut()
			}
			write(2)
			time.Sleep(300 * time.Millisecond)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			if err := sink.Close(ctx); err != nil {
				t.Logf("close: %v", err)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("closed after %v", took)
			}
			if err := <-done; err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "sink was closed") {
				t.Errorf("got %v, want a transient error for what was not acknowledged", err)
			}
		})
	}
}

// Where connections are refused for long, the sink is started anew, and says why.
func TestOutageSaysWhy(t *testing.T) {
	t.Parallel()
	s := warehouse(t)
	w := newGate(t, s.GRPCAddr)
	w.open(t)
	h := connect(t, s, map[string]any{"request_timeout": "500ms", "endpoint": map[string]any{"rest": s.RESTURL, "grpc": w.addr, "insecure": true}})
	h.write(t, newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
	w.shut()
	err := h.try(newBatch().upsert(t, orders(t), 2, values{"id": int64(2), "note": nil}))
	if err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "no answer within request_timeout, 2 times") || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("got %v, want a transient error with the reason", err)
	}
}
