package warehouse

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bq "google.golang.org/api/bigquery/v2"
)

func TestCreateTableRefused(t *testing.T) {
	t.Parallel()
	field := func(name, typ string) *bq.TableFieldSchema { return &bq.TableFieldSchema{Name: name, Type: typ} }
	with := func(f func(*bq.Table)) *bq.Table {
		m := tableMeta(field("n", "INTEGER"), field("f", "FLOAT"))
		m.TableReference.TableId = "new"
		f(m)
		return m
	}
	fields := func(f ...*bq.TableFieldSchema) *bq.Table {
		return with(func(m *bq.Table) { m.Schema.Fields = f })
	}
	tests := map[string]struct {
		meta *bq.Table
		want Reason
	}{
		"OK":                {with(func(*bq.Table) {}), 0},
		"exists":            {tableMeta(field("n", "INTEGER")), Duplicate},
		"no dataset":        {with(func(m *bq.Table) { m.TableReference.DatasetId = "none" }), NotFound},
		"no reference":      {&bq.Table{}, Invalid},
		"unknown type":      {fields(field("n", "VARCHAR")), Invalid},
		"unknown mode":      {fields(&bq.TableFieldSchema{Name: "n", Type: "STRING", Mode: "MAYBE"}), Invalid},
		"empty name":        {fields(field("", "STRING")), Invalid},
		"name with a dot":   {fields(field("a.b", "STRING")), Invalid},
		"reserved name":     {fields(field("_partitiontime", "STRING")), Invalid},
		"record of nothing": {fields(field("r", "RECORD")), Invalid},
		"bad nested field":  {fields(&bq.TableFieldSchema{Name: "r", Type: "STRUCT", Fields: []*bq.TableFieldSchema{field("x", "?")}}), Invalid},
		"length of integer": {fields(&bq.TableFieldSchema{Name: "n", Type: "INTEGER", MaxLength: 1}), Invalid},
		"scale of string":   {fields(&bq.TableFieldSchema{Name: "n", Type: "STRING", Precision: 3}), Invalid},
		"numeric scale":     {fields(&bq.TableFieldSchema{Name: "n", Type: "NUMERIC", Precision: 30, Scale: 10}), Invalid},
		"scale alone":       {fields(&bq.TableFieldSchema{Name: "n", Type: "NUMERIC", Scale: 2}), Invalid},
		"float key":         {with(func(m *bq.Table) { m.TableConstraints = keyOn("f") }), Invalid},
		"five clusters":     {with(func(m *bq.Table) { m.Clustering = &bq.Clustering{Fields: []string{"n", "n", "n", "n", "n"}} }), Invalid},
		"float cluster":     {with(func(m *bq.Table) { m.Clustering = &bq.Clustering{Fields: []string{"f"}} }), Invalid},
		"partition by week": {with(func(m *bq.Table) { m.TimePartitioning = &bq.TimePartitioning{Type: "WEEK"} }), Invalid},
		"partition integer": {with(func(m *bq.Table) { m.TimePartitioning = &bq.TimePartitioning{Type: "DAY", Field: "n"} }), Invalid},
		"long staleness":    {with(func(m *bq.Table) { m.MaxStaleness = "0-0 2 0:0:0" }), Invalid},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := newTable(t)
			if _, err := w.CreateTable(tt.meta, t0); reasonOf(err) != tt.want {
				t.Errorf("CreateTable: %v, want reason %d", err, tt.want)
			}
		})
	}
}

func keyOn(columns ...string) *bq.TableConstraints {
	return &bq.TableConstraints{PrimaryKey: &bq.TableConstraintsPrimaryKey{Columns: columns}}
}

// Rows written under an old schema version while a wider one is already declared take the new type.
func TestWideningCatchesLateWriters(t *testing.T) {
	t.Parallel()
	w, table := newTable(t)
	w.SetDelays(Delays{Schema: time.Hour})
	if _, err := w.AlterTable(ref, tableMeta(&bq.TableFieldSchema{Name: "n", Type: "FLOAT64"}), "", t0); err != nil {
		t.Fatal(err)
	}
	_, fields, _, err := w.Seen(table.Ref, t0)
	if err != nil || fields[0].Type != "INTEGER" {
		t.Fatalf("writers see %v, %v", fields, err)
	}
	if _, err := table.Append(DefaultStream, nil, inserts(7), t0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Row{{"n": 7.0}}, table.Rows()); diff != "" {
		t.Error(diff)
	}
}

// Declaring a key later folds what was written before by it.
func TestKeyDeclaredLater(t *testing.T) {
	t.Parallel()
	w, table := newTable(t)
	if _, err := table.Append(DefaultStream, nil, inserts(2, 1), t0); err != nil {
		t.Fatal(err)
	}
	meta := tableMeta(&bq.TableFieldSchema{Name: "n", Type: "INTEGER"})
	meta.TableConstraints = keyOn("N")
	if _, err := w.AlterTable(ref, meta, "", t0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"n"}, table.PrimaryKey()); diff != "" {
		t.Error(diff)
	}
	if _, err := table.Append(DefaultStream, nil, []Change{{Type: Delete, Row: Row{"n": int64(2)}}}, t0); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Row{{"n": int64(1)}}, table.Rows()); diff != "" {
		t.Error(diff)
	}
}

func TestPartitioningIsFixed(t *testing.T) {
	t.Parallel()
	w, _ := newTable(t)
	meta := tableMeta(&bq.TableFieldSchema{Name: "n", Type: "INTEGER"})
	meta.TimePartitioning = &bq.TimePartitioning{Type: "DAY"}
	if _, err := w.AlterTable(ref, meta, "", t0); reasonOf(err) != Invalid {
		t.Errorf("AlterTable: %v, want Invalid", err)
	}
}

func TestParseInterval(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string
		want time.Duration
		ok   bool
	}{
		"absent":        {"", 0, true},
		"minutes":       {"0-0 0 0:10:0", 10 * time.Minute, true},
		"a day":         {"0-0 1 0:0:0", 24 * time.Hour, true},
		"more":          {"0-0 1 0:0:1", 0, false},
		"a month":       {"0-1 0 0:0:0", 0, false},
		"negative":      {"0-0 0 -1:0:0", 0, false},
		"not intervals": {"10 minutes", 0, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseInterval(tt.in)
			if got != tt.want || (err == nil) != tt.ok {
				t.Errorf("ParseInterval(%q) = %s, %v", tt.in, got, err)
			}
		})
	}
}

func TestParseStreamPath(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in, id string
		ok     bool
	}{
		"long form":          {"projects/p/datasets/d/tables/t/streams/s1", "s1", true},
		"default":            {"projects/p/datasets/d/tables/t/streams/_default", DefaultStream, true},
		"short default":      {"projects/p/datasets/d/tables/t/_default", DefaultStream, true},
		"table":              {"projects/p/datasets/d/tables/t", "", false},
		"no id":              {"projects/p/datasets/d/tables/t/streams/", "", false},
		"two ids":            {"projects/p/datasets/d/tables/t/streams/a/b", "", false},
		"not a resource":     {"streams/a", "", false},
		"words out of order": {"datasets/p/projects/d/tables/t/streams/a", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, id, err := ParseStreamPath(tt.in)
			if (err == nil) != tt.ok || tt.ok && (id != tt.id || got != ref) {
				t.Errorf("ParseStreamPath(%q) = %v, %q, %v", tt.in, got, id, err)
			}
		})
	}
}

func TestCompareValues(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]any{
		"null first": {nil, int64(0)},
		"integers":   {int64(9), int64(10)},
		"floats":     {-1.0, 0.5},
		"booleans":   {false, true},
		"times":      {t0, t0.Add(1)},
		"bytes":      {[]byte("a"), []byte("b")},
		"decimals":   {Decimal("9.5"), Decimal("10")},
		"strings":    {"a", "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := [3]int{CompareValues(pair[0], pair[1]), CompareValues(pair[1], pair[0]), CompareValues(pair[0], pair[0])}; got != [3]int{-1, 1, 0} {
				t.Errorf("CompareValues of %v gives %v", pair, got)
			}
		})
	}
}
