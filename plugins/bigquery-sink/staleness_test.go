package main

import (
	"strings"
	"testing"

	gbq "cloud.google.com/go/bigquery"
	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
)

// maxStaleness reads the option as a person does.
func maxStaleness(t *testing.T, s *bigquery.Server) string {
	t.Helper()
	c, err := gbq.NewClient(t.Context(), "p", s.RESTOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	meta, err := c.Dataset("shop").Table("shop_orders").Metadata(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if meta.MaxStaleness == nil {
		return ""
	}
	return meta.MaxStaleness.String()
}

const noJobs = "Access Denied: Project p: User does not have bigquery.jobs.create permission in project p."

func TestMaxStaleness(t *testing.T) {
	t.Parallel()
	one := func(t *testing.T) *batch {
		t.Helper()
		return newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil})
	}
	for name, tt := range map[string]struct{ config, want string }{
		"is set where a table is made": {"15m", "0-0 0 0:15:0"},
		"may have seconds":             {"90s", "0-0 0 0:1:30"},
		"is not set by default":        {"0s", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			connect(t, s, map[string]any{"max_staleness": tt.config}).write(t, one(t))
			if got := maxStaleness(t, s); got != tt.want {
				t.Errorf("max_staleness is %q, want %q", got, tt.want)
			}
		})
	}
	t.Run("is set where it differs, and a table's own is kept where none is asked for", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		connect(t, s, map[string]any{"max_staleness": "15m"}).write(t, one(t))
		connect(t, s, map[string]any{"max_staleness": "2h"}).write(t, one(t))
		connect(t, s, nil).write(t, one(t))
		if got := maxStaleness(t, s); got != "0-0 0 2:0:0" {
			t.Errorf("max_staleness is %q, want that of 2 hours", got)
		}
	})
	t.Run("is none of a log", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		connect(t, s, map[string]any{"max_staleness": "15m", "mode": "append"}).write(t, one(t))
		if got := maxStaleness(t, s); got != "" {
			t.Errorf("max_staleness is %q, want none", got)
		}
	})
	t.Run("that may not be set stops the pipeline and says which right is missing", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		s.Faults().Add(fault.Rule{Call: "jobs.query", Outcome: fault.Outcome{Code: codes.PermissionDenied, Message: noJobs}})
		err := connect(t, s, map[string]any{"max_staleness": "15m"}).try(one(t))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "table shop.shop_orders: set max_staleness") || !strings.Contains(err.Error(), "roles/bigquery.jobUser") {
			t.Errorf("got %v, want a permanent error", err)
		}
		expect(t, s, "shop_orders", []map[string]any{})
	})
}
