package bigquery

import (
	"fmt"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// Change is one row as it was written: its kind (INSERT, UPSERT, DELETE), sequence number, columns and place.
type Change = warehouse.Change

// Delays is how long writers are behind the REST API.
type Delays = warehouse.Delays

// Table is a view of one table. Its methods fail with an error while the table does not exist.
type Table struct {
	server         *Server
	dataset, table string
}

// Table returns a view of a table in whichever project holds it; it need not exist yet.
func (s *Server) Table(dataset, table string) *Table {
	return &Table{server: s, dataset: dataset, table: table}
}

// Rows returns the rows with all changes applied, every column present, NULL as nil: by primary key if the table has
// one, else as they came. INTEGER is int64, FLOAT float64, BOOLEAN bool, BYTES []byte, TIMESTAMP time.Time in UTC,
// REPEATED []any, RECORD map[string]any, and all else a string.
func (t *Table) Rows() (out []map[string]any, err error) {
	err = t.read(func(w *warehouse.Table, _ time.Time) error {
		out = plainRows(w.Rows())
		return nil
	})
	return out, err
}

// StaleRows returns the oldest rows that a query may show within the table's max_staleness.
func (t *Table) StaleRows() (out []map[string]any, err error) {
	err = t.read(func(w *warehouse.Table, now time.Time) error {
		rows, err := w.StaleRows(now)
		out = plainRows(rows)
		return err
	})
	return out, err
}

// Log returns every change that became visible, in that order, duplicates and superseded ones included.
func (t *Table) Log() (out []Change, err error) {
	err = t.read(func(w *warehouse.Table, _ time.Time) error {
		out = w.Log()
		for i := range out {
			out[i].Row = plain(out[i].Row).(map[string]any)
		}
		return nil
	})
	return out, err
}

// Count returns the number of changes in the log; it is cheap enough to poll.
func (t *Table) Count() (n int, err error) {
	err = t.read(func(w *warehouse.Table, _ time.Time) error {
		n = w.Changes()
		return nil
	})
	return n, err
}

// Schema returns the columns as the REST API shows them.
func (t *Table) Schema() (out []*bq.TableFieldSchema, err error) {
	err = t.read(func(w *warehouse.Table, _ time.Time) error {
		out = w.Fields()
		return nil
	})
	return out, err
}

func (t *Table) read(f func(*warehouse.Table, time.Time) error) (err error) {
	t.server.guard.Do(func(w *warehouse.Warehouse, now time.Time) {
		var found *warehouse.Table
		if found, err = w.FindTable(t.dataset, t.table); err == nil {
			err = f(found, now)
		}
	})
	if err != nil {
		return fmt.Errorf("read table %s.%s: %w", t.dataset, t.table, err)
	}
	return nil
}

func plainRows(rows []warehouse.Row) []map[string]any {
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i] = plain(r).(map[string]any)
	}
	return out
}

// plain copies a value and spells decimals as strings, so that a test compares with literals alone.
func plain(v any) any {
	switch x := v.(type) {
	case warehouse.Decimal:
		return string(x)
	case []any:
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = plain(e)
		}
		return out
	case warehouse.Row:
		out := make(map[string]any, len(x))
		for k, e := range x {
			out[k] = plain(e)
		}
		return out
	}
	return v
}
