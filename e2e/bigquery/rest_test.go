package bigquery_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"

	"github.com/leat-io/leat/e2e/bigquery"
)

func code(err error) int {
	var e *googleapi.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code
}

// Status codes of the REST API. cloud.google.com/bigquery/docs/error-messages
func TestDatasetsAndTables(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	ctx, ds := t.Context(), e.rest.Dataset(dataset)
	e.create(t, "t", notes)
	_, missingDataset := e.rest.Dataset("none").Metadata(ctx)
	_, missingTable := ds.Table("none").Metadata(ctx)
	checks := []struct {
		what string
		err  error
		want int
	}{
		{"dataset twice", ds.Create(ctx, nil), 409},
		{"table twice", ds.Table("t").Create(ctx, &gbq.TableMetadata{Schema: notes}), 409},
		{"table in no dataset", e.rest.Dataset("none").Table("t").Create(ctx, nil), 404},
		{"no dataset", missingDataset, 404},
		{"no table", missingTable, 404},
		{"dataset in use", ds.Delete(ctx), 400},
		{"delete no table", ds.Table("none").Delete(ctx), 404},
		{"delete table", ds.Table("t").Delete(ctx), 0},
		{"delete dataset", ds.Delete(ctx), 0},
	}
	for _, c := range checks {
		if code(c.err) != c.want || (c.want == 0) != (c.err == nil) {
			t.Errorf("%s: %v, want code %d", c.what, c.err, c.want)
		}
	}
}

// A table keeps its metadata. cloud.google.com/bigquery/docs/reference/rest/v2/tables#Table
func TestTableMetadata(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.rest.Dataset(dataset).Table("t")
	schema := gbq.Schema{
		{Name: "id", Type: gbq.IntegerFieldType, Required: true},
		{Name: "price", Type: gbq.NumericFieldType, Precision: 10, Scale: 2},
		{Name: "at", Type: gbq.TimestampFieldType},
	}
	must(t, table.Create(t.Context(), &gbq.TableMetadata{
		Schema:           schema,
		TableConstraints: &gbq.TableConstraints{PrimaryKey: &gbq.PrimaryKey{Columns: []string{"id"}}},
		TimePartitioning: &gbq.TimePartitioning{Type: gbq.DayPartitioningType, Field: "at"},
		Clustering:       &gbq.Clustering{Fields: []string{"id"}},
		Labels:           map[string]string{"a": "1", "b": "2"},
		MaxStaleness:     &gbq.IntervalValue{Minutes: 15},
	}))
	update := gbq.TableMetadataToUpdate{Description: "prices"}
	update.SetLabel("a", "3")
	update.DeleteLabel("b")
	_, err := table.Update(t.Context(), update, "")
	must(t, err)
	m, err := table.Metadata(t.Context())
	must(t, err)
	type summary struct {
		Schema      gbq.Schema
		Key         []string
		Partition   gbq.TimePartitioning
		Clustering  []string
		Labels      map[string]string
		Staleness   string
		Description string
	}
	got := summary{m.Schema, m.TableConstraints.PrimaryKey.Columns, *m.TimePartitioning, m.Clustering.Fields, m.Labels, staleness(m), m.Description}
	want := summary{schema, []string{"id"}, gbq.TimePartitioning{Type: gbq.DayPartitioningType, Field: "at"}, []string{"id"}, map[string]string{"a": "3"}, "", "prices"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// If-Match guards against a change in between: 412. cloud.google.com/bigquery/docs/reference/rest/v2/tables/patch
func TestEtag(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.create(t, "t", notes)
	before, err := table.Metadata(t.Context())
	must(t, err)
	after, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Description: "one"}, before.ETag)
	must(t, err)
	if after.ETag == before.ETag {
		t.Error("the etag did not change")
	}
	if _, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Description: "two"}, before.ETag); code(err) != http.StatusPreconditionFailed {
		t.Errorf("update with an old etag: %v", err)
	}
}

// Only additions, relaxations and widenings are taken. cloud.google.com/bigquery/docs/managing-table-schemas
func TestSchemaPatch(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	base := func() gbq.Schema {
		return gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType, Required: true}, {Name: "s", Type: gbq.StringFieldType, MaxLength: 10}}
	}
	tests := map[string]struct {
		change func(gbq.Schema) gbq.Schema
		want   string // "" is taken
	}{
		"add nullable": {func(s gbq.Schema) gbq.Schema { return append(s, &gbq.FieldSchema{Name: "x", Type: "STRING"}) }, ""},
		"relax":        {func(s gbq.Schema) gbq.Schema { s[0].Required = false; return s }, ""},
		"widen type":   {func(s gbq.Schema) gbq.Schema { s[0].Type = gbq.NumericFieldType; return s }, ""},
		"widen length": {func(s gbq.Schema) gbq.Schema { s[1].MaxLength = 0; return s }, ""},
		"add required": {
			func(s gbq.Schema) gbq.Schema {
				return append(s, &gbq.FieldSchema{Name: "x", Type: "STRING", Required: true})
			},
			"Cannot add required fields to an existing schema. (field: x)",
		},
		"drop":          {func(s gbq.Schema) gbq.Schema { return s[:1] }, "Field s is missing in new schema"},
		"change type":   {func(s gbq.Schema) gbq.Schema { s[1].Type, s[1].MaxLength = "DATE", 0; return s }, "Field s has changed type from STRING to DATE"},
		"require":       {func(s gbq.Schema) gbq.Schema { s[1].Required = true; return s }, "Field s has changed mode from NULLABLE to REQUIRED"},
		"narrow length": {func(s gbq.Schema) gbq.Schema { s[1].MaxLength = 5; return s }, "Field s has a narrower length"},
		"reserved name": {
			func(s gbq.Schema) gbq.Schema {
				return append(s, &gbq.FieldSchema{Name: "_change_type", Type: "STRING"})
			},
			"not allowed to start with",
		},
		"same name in another case": {
			func(s gbq.Schema) gbq.Schema { return append(s, &gbq.FieldSchema{Name: "ID", Type: "STRING"}) },
			"Duplicate field names in schema: ID",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table := e.create(t, tableName(t), base())
			_, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{Schema: tt.change(base())}, "")
			if tt.want == "" {
				must(t, err)
			} else if code(err) != 400 || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want 400 and %q", err, tt.want)
			}
		})
	}
}

// "Composite primary keys containing up to 16 columns are supported."
// cloud.google.com/bigquery/docs/change-data-capture
func TestPrimaryKeyColumns(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	var schema gbq.Schema
	var key []string
	for i := range 17 {
		key = append(key, fmt.Sprintf("c%d", i))
		schema = append(schema, &gbq.FieldSchema{Name: key[i], Type: gbq.IntegerFieldType})
	}
	tests := map[string]struct {
		key  []string
		want int
	}{
		"sixteen":   {key[:16], 0},
		"seventeen": {key, 400},
		"unknown":   {[]string{"nope"}, 400},
		"twice":     {[]string{"c1", "c1"}, 400},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := e.rest.Dataset(dataset).Table(name).Create(t.Context(), &gbq.TableMetadata{
				Schema: schema, TableConstraints: &gbq.TableConstraints{PrimaryKey: &gbq.PrimaryKey{Columns: tt.key}},
			})
			if code(err) != tt.want || (tt.want == 0) != (err == nil) {
				t.Errorf("got %v, want code %d", err, tt.want)
			}
		})
	}
}

// tables.list and tabledata.list page. cloud.google.com/bigquery/docs/paging-results
func TestLists(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	for _, name := range []string{"c", "a", "b"} {
		e.create(t, name, notes)
	}
	tables := e.rest.Dataset(dataset).Tables(t.Context())
	tables.PageInfo().MaxSize = 2
	var names []string
	for {
		table, err := tables.Next()
		if errors.Is(err, iterator.Done) {
			break
		}
		must(t, err)
		names = append(names, table.TableID)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, names); diff != "" {
		t.Error(diff)
	}
	must(t, e.writer(t, "a", managedwriter.DefaultStream, notes).append(t, note(1, 2, 3, 4, 5)...))
	it := e.rest.Dataset(dataset).Table("a").Read(t.Context())
	it.PageInfo().MaxSize = 2
	if diff := cmp.Diff([][]gbq.Value{{int64(1)}, {int64(2)}, {int64(3)}, {int64(4)}, {int64(5)}}, all(t, it)); diff != "" {
		t.Error(diff)
	}
}

func all(t *testing.T, it *gbq.RowIterator) [][]gbq.Value {
	t.Helper()
	out := [][]gbq.Value{}
	for {
		var v []gbq.Value
		err := it.Next(&v)
		if errors.Is(err, iterator.Done) {
			return out
		}
		must(t, err)
		out = append(out, v)
	}
}

// jobs.query in the little SQL that is understood. cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query
func TestQuery(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "people", people, "id")
	must(t, e.writer(t, "people", managedwriter.DefaultStream, withChange(people)).append(t,
		change("UPSERT", "", row{"id": int64(1), "name": "ann"}),
		change("UPSERT", "", row{"id": int64(2)}),
		change("UPSERT", "", row{"id": int64(3), "name": "cid"})))
	tests := map[string]struct {
		sql  string
		want [][]gbq.Value
	}{
		"all":     {"SELECT * FROM `test-project.shop.people`", [][]gbq.Value{{int64(1), "ann"}, {int64(2), nil}, {int64(3), "cid"}}},
		"count":   {"select count(*) from shop.people where id > 1", [][]gbq.Value{{int64(2)}}},
		"columns": {"SELECT name FROM shop.people WHERE id = 3", [][]gbq.Value{{"cid"}}},
		"order":   {"SELECT id FROM shop.people WHERE name IS NOT NULL ORDER BY name DESC LIMIT 1", [][]gbq.Value{{int64(3)}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			it, err := e.rest.Query(tt.sql).Read(t.Context())
			must(t, err)
			if diff := cmp.Diff(tt.want, all(t, it)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := e.rest.Query("DELETE FROM shop.people").Read(t.Context()); code(err) != 400 {
		t.Errorf("a statement that is not understood: %v", err)
	}
}

// Clients with the service's own base path, and methods that are not served.
func TestRoutes(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	tests := map[string]struct {
		path string
		want int
	}{
		"with prefix": {"/bigquery/v2/projects/test-project/datasets/shop", 200},
		"without":     {"/projects/test-project/datasets/shop", 200},
		"not served":  {"/projects/test-project/jobs", 501},
	}
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	for name, tt := range tests {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.RESTURL+tt.path, nil)
		must(t, err)
		resp, err := client.Do(req)
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != tt.want {
			t.Errorf("%s: got %d, want %d", name, resp.StatusCode, tt.want)
		}
	}
}
