package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	gbq "cloud.google.com/go/bigquery"

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
			exists: true, rule: &fault.Rule{Call: "GetWriteStream", Times: fault.Always, Outcome: denied},
			want: []string{"credentials: OK ", "statements: OK truncate", "dataset: OK dataset", "tables: OK dataset", "storage write api: ERROR dataset"},
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
			if tt.exists {
				create(t, s, "any", gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType}})
			}
			if tt.rule != nil {
				s.Faults().Add(*tt.rule)
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
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
