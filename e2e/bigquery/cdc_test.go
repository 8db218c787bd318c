package bigquery_test

import (
	"testing"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/e2e/bigquery"
)

var people = gbq.Schema{
	{Name: "id", Type: gbq.IntegerFieldType, Required: true},
	{Name: "name", Type: gbq.StringFieldType},
}

// withChange is a table's schema as a writer of changes sends it.
func withChange(s gbq.Schema) gbq.Schema {
	return append(s[:len(s):len(s)],
		&gbq.FieldSchema{Name: "_CHANGE_TYPE", Type: gbq.StringFieldType},
		&gbq.FieldSchema{Name: "_CHANGE_SEQUENCE_NUMBER", Type: gbq.StringFieldType})
}

type row = map[string]any

func change(kind, sequence string, r row) row {
	r["_CHANGE_TYPE"] = kind
	if sequence != "" {
		r["_CHANGE_SEQUENCE_NUMBER"] = sequence
	}
	return r
}

// Change data capture: UPSERT and DELETE by primary key, the greatest _CHANGE_SEQUENCE_NUMBER wins, without one or
// among equals the later ingested. cloud.google.com/bigquery/docs/change-data-capture
func TestChanges(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	tests := map[string]struct {
		changes []row
		want    []map[string]any
	}{
		"upserts add and replace": {
			changes: []row{
				change("UPSERT", "", row{"id": int64(2), "name": "b"}),
				change("UPSERT", "", row{"id": int64(1), "name": "a"}),
				change("UPSERT", "", row{"id": int64(2), "name": "c"}),
			},
			want: []map[string]any{{"id": int64(1), "name": "a"}, {"id": int64(2), "name": "c"}},
		},
		"delete needs only the key": {
			changes: []row{
				change("UPSERT", "", row{"id": int64(1), "name": "a"}),
				change("DELETE", "", row{"id": int64(1)}),
			},
			want: []map[string]any{},
		},
		"greater sequence wins whatever the order": {
			changes: []row{
				change("UPSERT", "1/10", row{"id": int64(1), "name": "new"}),
				change("UPSERT", "1/F", row{"id": int64(1), "name": "old"}),
			},
			want: []map[string]any{{"id": int64(1), "name": "new"}},
		},
		"sections are numbers, not text": {
			changes: []row{
				change("UPSERT", "ABC", row{"id": int64(1), "name": "new"}),
				change("UPSERT", "B", row{"id": int64(1), "name": "old"}),
			},
			want: []map[string]any{{"id": int64(1), "name": "new"}},
		},
		"delete outlives an older upsert": {
			changes: []row{
				change("DELETE", "0/2", row{"id": int64(1)}),
				change("UPSERT", "0/1", row{"id": int64(1), "name": "ghost"}),
			},
			want: []map[string]any{},
		},
		"equal sequences go by arrival": {
			changes: []row{
				change("UPSERT", "1", row{"id": int64(1), "name": "first"}),
				change("UPSERT", "1", row{"id": int64(1), "name": "second"}),
			},
			want: []map[string]any{{"id": int64(1), "name": "second"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table := tableName(t)
			e.create(t, table, people, "id")
			must(t, e.writer(t, table, managedwriter.DefaultStream, withChange(people)).append(t, tt.changes...))
			got, err := e.Table(dataset, table).Rows()
			must(t, err)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			log, err := e.Table(dataset, table).Log()
			must(t, err)
			if len(log) != len(tt.changes) {
				t.Errorf("log holds %d changes, want all %d", len(log), len(tt.changes))
			}
		})
	}
}

// The prerequisites of change data capture: the default stream, a primary key, and no change type but UPSERT and
// DELETE; app-created streams are in insert mode. cloud.google.com/bigquery/docs/change-data-capture
func TestChangesRefused(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "keyed", people, "id")
	e.create(t, "keyless", people)
	tests := map[string]struct {
		table string
		kind  managedwriter.StreamType
		row   row
		want  string
	}{
		"table without primary key": {
			"keyless", managedwriter.DefaultStream, change("UPSERT", "", row{"id": int64(1)}),
			"Input schema has more fields than BigQuery schema, extra fields: '_change_type,_change_sequence_number' Entity: " + path("keyless") + "/streams/_default",
		},
		"unknown change type": {
			"keyed", managedwriter.DefaultStream, change("MERGE", "", row{"id": int64(1)}),
			`The given value is not a valid CHANGE_TYPE: "MERGE", expected UPSERT or DELETE`,
		},
		"key not set": {
			"keyed", managedwriter.DefaultStream, change("UPSERT", "", row{"name": "a"}),
			"Field id: Missing required value",
		},
		"sequence of five sections": {
			"keyed", managedwriter.DefaultStream, change("UPSERT", "1/2/3/4/5", row{"id": int64(1)}),
			`invalid _CHANGE_SEQUENCE_NUMBER "1/2/3/4/5": at most 4 sections are allowed`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := e.writer(t, tt.table, tt.kind, optional(withChange(people)))
			resp, err := w.send(t, w.rows(t, tt.row))
			if got := status.Code(err); got != codes.InvalidArgument {
				t.Fatalf("code is %s, want InvalidArgument: %v", got, err)
			}
			if got := reason(resp, err); got != tt.want {
				t.Errorf("refused with %q, want %q", got, tt.want)
			}
		})
	}
}
