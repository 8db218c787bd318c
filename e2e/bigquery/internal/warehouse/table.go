package warehouse

import (
	"slices"
	"time"

	bq "google.golang.org/api/bigquery/v2"
)

// Row is one row by column name. NULL is nil; the Go type of each BigQuery type is stated in the package rows.
type Row = map[string]any

// Table is a table with its schema versions, its streams and every change that it has taken.
type Table struct {
	Ref TableRef

	meta     *bq.Table
	location string
	created  time.Time
	versions []version
	streams  map[string]*Stream
	log      []Change
	fold     *fold
}

// version is a schema with its number, which no other has, and the moments from which writers see it and appends go by
// it.
type version struct {
	number         int
	fields         []*bq.TableFieldSchema
	visible, taken time.Time
}

// Meta returns the table's resource; the caller must not change it.
func (t *Table) Meta() *bq.Table { return t.meta }

// Fields returns the schema as readers see it: the newest.
func (t *Table) Fields() []*bq.TableFieldSchema { return fieldsOf(t.meta) }

// PrimaryKey returns the columns of the declared key, none if there is no key.
func (t *Table) PrimaryKey() []string { return primaryKey(t.meta) }

// Location returns the location of the table's dataset.
func (t *Table) Location() string { return t.location }

// Created returns when the table was created.
func (t *Table) Created() time.Time { return t.created }

// Log returns every change in the order in which it became visible.
func (t *Table) Log() []Change { return slices.Clone(t.log) }

// Rows returns the rows as of now with all changes applied: by key if the table has one, else as they came.
func (t *Table) Rows() []Row { return t.fill(t.fold.rows()) }

// StaleRows returns the oldest rows that a query may show: changes younger than the table's max_staleness are not
// applied yet. Rows that carry no change type are always shown.
func (t *Table) StaleRows(now time.Time) ([]Row, error) {
	allowed, err := ParseInterval(t.meta.MaxStaleness)
	if err != nil {
		return nil, err
	}
	if allowed == 0 {
		return t.Rows(), nil
	}
	f := newFold(t.PrimaryKey())
	for _, c := range t.log {
		if c.Type == Insert || !c.Time.After(now.Add(-allowed)) {
			f.add(c)
		}
	}
	return t.fill(f.rows()), nil
}

// fill copies rows and gives each every column, so that a column added later reads NULL, or empty if it is REPEATED.
func (t *Table) fill(rows []Row) []Row {
	out := make([]Row, len(rows))
	for i, r := range rows {
		out[i] = make(Row, len(t.Fields()))
		for _, f := range t.Fields() {
			out[i][f.Name] = r[f.Name]
			if f.Mode == "REPEATED" && r[f.Name] == nil {
				out[i][f.Name] = []any{}
			}
		}
	}
	return out
}

// rekey rebuilds the merged rows after the declared key changed.
func (t *Table) rekey() {
	if slices.Equal(t.fold.key, t.PrimaryKey()) {
		return
	}
	t.fold = newFold(t.PrimaryKey())
	for _, c := range t.log {
		t.fold.add(c)
	}
}

func (t *Table) take(c Change) {
	t.log = append(t.log, c)
	t.fold.add(c)
}

// Changes returns the length of the log.
func (t *Table) Changes() int { return len(t.log) }
