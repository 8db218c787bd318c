package rest

import (
	"net/http"
	"strings"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/query"
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

// runQuery answers with the whole result at once.
func runQuery(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	req := &bq.QueryRequest{}
	if err := parse(r.body, req); err != nil {
		return nil, err
	}
	s, err := query.Parse(req.Query)
	if err != nil {
		return nil, badQuery(err)
	}
	t, err := w.Table(target(s.From, req, r))
	if err != nil {
		return nil, err
	}
	all, err := t.StaleRows(now)
	if err != nil {
		return nil, err
	}
	fields, rows, err := s.Run(t.Fields(), all)
	if err != nil {
		return nil, badQuery(err)
	}
	return &bq.QueryResponse{
		Kind:            "bigquery#queryResponse",
		JobComplete:     true,
		JobReference:    &bq.JobReference{ProjectId: r.PathValue("project"), JobId: "job_" + req.RequestId, Location: t.Location()},
		Schema:          &bq.TableSchema{Fields: fields},
		TotalRows:       uint64(len(rows)),
		Rows:            tableRows(fields, rows, req.FormatOptions != nil && req.FormatOptions.UseInt64Timestamp),
		ForceSendFields: []string{"TotalRows"},
	}, nil
}

// target completes a table's name with the request's default dataset and project.
func target(from []string, req *bq.QueryRequest, r request) warehouse.TableRef {
	if len(from) == 1 && req.DefaultDataset != nil {
		from = append([]string{req.DefaultDataset.DatasetId}, from...)
	}
	if len(from) == 2 {
		from = append([]string{r.PathValue("project")}, from...)
	}
	for len(from) < 3 {
		from = append([]string{""}, from...)
	}
	return warehouse.TableRef{Project: from[0], Dataset: from[1], Table: from[2]}
}

func badQuery(err error) error {
	msg := err.Error()
	return &apiError{http.StatusBadRequest, "invalidQuery", strings.ToUpper(msg[:1]) + msg[1:]}
}
