package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	gbq "cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	denied := fault.Outcome{Code: codes.PermissionDenied, Message: "denied"}
	tests := map[string]struct {
		exists bool
		config map[string]any
		rule   *fault.Rule
		want   []string // check: severity, path
		// before, the table is made so, or dropped, or there is none, or may not be written
		delays         bigquery.Delays
		dropped, empty bool
		deny           []string
		text           string // in message and cure of the last finding
	}{
		"OK": {exists: true, want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: OK dataset"}},
		"OK with a dataset to create": {
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset"},
		},
		"no dataset": {
			config: map[string]any{"create_dataset": false},
			want:   []string{"credentials: OK ", "statements: OK truncate", "dataset: ERROR dataset"},
		},
		"a dataset in another place": {
			exists: true, config: map[string]any{"location": "antarctica"},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: WARNING location", "tables: OK dataset", "storage write api: OK dataset"},
		},
		"a dataset that may not be read": {
			exists: true, rule: &fault.Rule{Call: "datasets.get", Times: fault.Always, Outcome: denied},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: ERROR dataset"},
		},
		"tables that may not be read": {
			exists: true, rule: &fault.Rule{Call: "tables.list", Times: fault.Always, Outcome: denied},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: ERROR dataset", "storage write api: OK dataset"},
		},
		"rows that may not be written": {
			exists: true, deny: []string{"bigquery.tables.updateData"},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: ERROR dataset"},
			text: "the account lacks bigquery.tables.updateData on table p.shop.any; give the account roles/bigquery.dataEditor on dataset p.shop",
		},
		"a table that writers do not see yet": {
			exists: true, delays: bigquery.Delays{Table: time.Hour},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: WARNING dataset"},
			text: "table p.shop.any exists and the account may write to it, but writers do not see it yet",
		},
		"a table that writers do not find yet": {
			exists: true, delays: bigquery.Delays{Table: time.Hour, NotFound: true},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: WARNING dataset"},
			text: "Requested entity was not found",
		},
		"a table that was dropped since it was listed": {
			exists: true, rule: &fault.Rule{Call: "GetWriteStream", Times: fault.Always, Outcome: denied}, dropped: true,
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: OK dataset"},
		},
		"a dataset without tables": {
			exists: true, empty: true,
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: OK dataset"},
		},
		"writers that are not reached": {
			exists: true, rule: &fault.Rule{Call: "GetWriteStream", Times: fault.Always, Outcome: fault.Outcome{Code: codes.Unauthenticated, Message: "expired"}},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: ERROR dataset"},
			text: "look at the stream of p.shop.any: rpc error: code = Unauthenticated desc = expired; check that the Storage Write API can be reached, the credentials and endpoint.grpc",
		},
		"datasets that topics decide": {config: map[string]any{"dataset": "{database}"}, want: []string{"credentials: OK ", "statements: OK truncate"}},
		"statements that may not be run, for a truncation that may come": {
			config: map[string]any{"dataset": "{database}"}, rule: &fault.Rule{Call: "jobs.insert", Outcome: denied},
			want: []string{"credentials: OK ", "statements: WARNING truncate"},
		},
		"statements that may not be run, for an option of every table": {
			config: map[string]any{"dataset": "{database}", "max_staleness": "15m"}, rule: &fault.Rule{Call: "jobs.insert", Outcome: denied},
			want: []string{"credentials: OK ", "statements: ERROR max_staleness"},
		},
		"statements that nothing needs": {config: map[string]any{"dataset": "{database}", "truncate": "ignore"}, want: []string{"credentials: OK "}},
		"credentials that are none": {
			config: map[string]any{"credentials_json": "x", "endpoint": map[string]any{}},
			want:   []string{"credentials: ERROR "},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			s.SetDelays(tt.delays)
			s.Deny(tt.deny...)
			if tt.exists {
				create(t, s, "any", gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType}})
			}
			if tt.rule != nil {
				s.Faults().Add(*tt.rule)
			}
			if tt.empty {
				drop(t, s, "any")
			}
			if tt.dropped { // as far as the question for rights shows
				s.Faults().Add(fault.Rule{Call: "tables.testIamPermissions", Outcome: fault.Outcome{Code: codes.NotFound, Message: "Not found: Table p:shop.any"}})
			}
			raw, err := json.Marshal(settings(s, tt.config))
			if err != nil {
				t.Fatal(err)
			}
			res, err := newPlugin().Server().Validate(t.Context(), &leatv1.ValidateRequest{Config: raw, Live: true})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range res.GetFindings() {
				got = append(got, f.GetCheck()+": "+f.GetSeverity().String()[len("SEVERITY_"):]+" "+f.GetPath())
				if ok := f.GetSeverity() == leatv1.Severity_SEVERITY_OK; ok != (f.GetCure() == "") {
					t.Errorf("finding without the cure that it needs, or with one too many: %v", f)
				}
			}
			if last := res.GetFindings()[len(got)-1]; !strings.Contains(last.GetMessage()+"; "+last.GetCure(), tt.text) {
				t.Errorf("got %q, %q, want %q in it", last.GetMessage(), last.GetCure(), tt.text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
