package bigquery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"google.golang.org/api/iterator"

	"github.com/leat-io/leat/e2e/bigquery"
)

// run runs a statement.
func (e *env) run(t *testing.T, sql string) *gbq.RowIterator {
	t.Helper()
	it, err := e.rest.Query(sql).Read(t.Context())
	must(t, err)
	return it
}

// count returns how many rows a query finds.
func (e *env) count(t *testing.T) int64 {
	t.Helper()
	var v []gbq.Value
	must(t, e.run(t, "SELECT COUNT(*) FROM "+dataset+".t").Next(&v))
	return v[0].(int64)
}

func staleness(m *gbq.TableMetadata) string {
	if m.MaxStaleness == nil {
		return ""
	}
	return m.MaxStaleness.String()
}

// The Tables API takes maxStaleness and drops it; DDL sets it, and the Tables API shows it then.
// github.com/hashicorp/terraform-provider-google/issues/21839, github.com/googleapis/google-cloud-go/pull/10066
func TestStalenessIsSetByDDLAlone(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	table := e.create(t, "t", people, "id")
	expect := func(want string) {
		t.Helper()
		m, err := table.Metadata(t.Context())
		must(t, err)
		if got := staleness(m); got != want {
			t.Errorf("max_staleness is %q, want %q", got, want)
		}
	}
	set := func(d int) {
		t.Helper()
		_, err := table.Update(t.Context(), gbq.TableMetadataToUpdate{MaxStaleness: &gbq.IntervalValue{Minutes: int32(d)}}, "")
		must(t, err)
	}
	set(10)
	expect("")
	e.run(t, "ALTER TABLE "+dataset+".t SET OPTIONS (max_staleness = INTERVAL 15 MINUTE)")
	expect("0-0 0 0:15:0")
	set(10)
	expect("0-0 0 0:15:0")
	e.run(t, "ALTER TABLE "+dataset+".t SET OPTIONS (max_staleness = NULL)")
	expect("")
}

// A query has pages, all of what the table was when it ran.
func TestQueryPages(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	e.create(t, "t", people, "id")
	w := e.writer(t, "t", managedwriter.DefaultStream, withChange(people))
	const rows = 2500
	var all []row
	for i := range rows {
		all = append(all, change("UPSERT", "", row{"id": int64(i)}))
	}
	must(t, w.append(t, all...))
	it := e.run(t, "SELECT id FROM "+dataset+".t")
	must(t, w.append(t, change("UPSERT", "", row{"id": int64(rows)})))
	n := 0
	for {
		var v []gbq.Value
		if err := it.Next(&v); errors.Is(err, iterator.Done) {
			break
		} else if must(t, err); len(v) != 1 || v[0] != int64(n) {
			t.Fatalf("row %d is %v", n, v)
		}
		n++
	}
	if n != rows || it.TotalRows != rows {
		t.Errorf("got %d rows of %d, want %d", n, it.TotalRows, rows)
	}
}

// A query shows what max_staleness allows, and all once that is taken away.
func TestQueryIsStale(t *testing.T) {
	t.Parallel()
	clock := bigquery.NewManualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	e := start(t, bigquery.Options{Now: clock.Now})
	e.create(t, "t", people, "id")
	e.run(t, "ALTER TABLE "+dataset+".t SET OPTIONS (max_staleness = INTERVAL 1 HOUR)")
	must(t, e.writer(t, "t", managedwriter.DefaultStream, withChange(people)).append(t, change("UPSERT", "", row{"id": int64(1)})))
	if n := e.count(t); n != 0 {
		t.Errorf("%d rows are shown at once, want none", n)
	}
	e.run(t, "ALTER TABLE "+dataset+".t SET OPTIONS (max_staleness = INTERVAL 0 MINUTE)")
	if n := e.count(t); n != 1 {
		t.Errorf("%d rows are shown, want 1", n)
	}
}

// A dry run tells whether a query may be run, and changes nothing.
func TestDryRun(t *testing.T) {
	t.Parallel()
	e := start(t, bigquery.Options{})
	q := e.rest.Query("SELECT 1")
	q.DryRun = true
	_, err := q.Run(t.Context())
	must(t, err)
	q.DryRun = false
	q.JobID = "mine"
	if _, err := q.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no jobs but queries with dryRun") {
		t.Errorf("got %v, want a refusal", err)
	}
}
