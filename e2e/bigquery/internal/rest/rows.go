package rest

import (
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func listRows(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	t, err := w.Table(tableOf(r))
	if err != nil {
		return nil, err
	}
	rows, err := t.StaleRows(now)
	if err != nil {
		return nil, err
	}
	from, to, next, err := page(r, len(rows))
	if err != nil {
		return nil, err
	}
	micros := r.URL.Query().Get("formatOptions.useInt64Timestamp") == "true"
	return &bq.TableDataList{
		Kind:      "bigquery#tableDataList",
		Etag:      t.Meta().Etag,
		TotalRows: int64(len(rows)),
		PageToken: next,
		Rows:      tableRows(t.Fields(), rows[from:to], micros),
	}, nil
}
