package bigquery_test

import (
	"strings"
	"sync"
	"testing"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/bigquery"
)

// A view of a table that is not there says so, by name.
func TestTableMissing(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	view := e.Table(dataset, "none")
	_, rows := view.Rows()
	_, stale := view.StaleRows()
	_, log := view.Log()
	_, count := view.Count()
	_, schema := view.Schema()
	for name, err := range map[string]error{"Rows": rows, "StaleRows": stale, "Log": log, "Count": count, "Schema": schema} {
		if err == nil || err.Error() != "read table shop.none: Not found: Table shop.none" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a view returns is the caller's: changing it does not change the table.
func TestTableIsCopied(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	schema := gbq.Schema{
		{Name: "tags", Type: gbq.StringFieldType, Repeated: true},
		{Name: "price", Type: gbq.NumericFieldType},
	}
	e.create(t, "t", schema)
	must(t, e.writer(t, "t", managedwriter.DefaultStream, schema).append(t, row{"price": "1.50"}))
	view := e.Table(dataset, "t")
	for range 2 {
		rows, err := view.Rows()
		must(t, err)
		if diff := cmp.Diff([]map[string]any{{"tags": []any{}, "price": "1.5"}}, rows); diff != "" {
			t.Fatal(diff)
		}
		rows[0]["price"] = "changed"
		log, err := view.Log()
		must(t, err)
		if diff := cmp.Diff(map[string]any{"price": "1.5"}, log[0].Row); diff != "" {
			t.Fatal(diff)
		}
		log[0].Row["price"] = "changed"
	}
	columns, err := view.Schema()
	must(t, err)
	if len(columns) != 2 || columns[0].Name != "tags" || columns[0].Mode != "REPEATED" {
		t.Errorf("schema is %v", columns)
	}
}

// "It is a stream that can be used simultaneously by any number of clients." WriteStream in stream.proto
func TestManyWriters(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	const writers, each = 4, 25
	var wg sync.WaitGroup
	for range writers {
		w := e.writer(t, "t", managedwriter.DefaultStream, notes)
		wg.Go(func() {
			for i := range int64(each) {
				if err := w.append(t, row{"n": i}); err != nil {
					t.Error(err)
				}
				if _, err := e.Table(dataset, "t").Rows(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := e.Table(dataset, "t").Count(); err != nil || n != writers*each {
		t.Errorf("%d rows, %v, want %d", n, err, writers*each)
	}
}

// Two projects may hold tables of one name; a view then cannot tell which is meant.
func TestTableAmbiguous(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", notes)
	other, err := gbq.NewClient(t.Context(), "other-project", e.RESTOptions()...)
	must(t, err)
	t.Cleanup(func() { must(t, other.Close()) })
	must(t, other.Dataset(dataset).Create(t.Context(), nil))
	must(t, other.Dataset(dataset).Table("t").Create(t.Context(), &gbq.TableMetadata{Schema: notes}))
	if _, err := e.Table(dataset, "t").Rows(); err == nil || !strings.Contains(err.Error(), "in several projects") {
		t.Errorf("Rows: %v, want a refusal", err)
	}
}
