package rest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/query"
	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

// pageRows is the most rows that an answer has; the service limits its bytes.
const pageRows = 1000

// result is what a query found when it ran, which its pages are parts of.
type result struct {
	fields   []*bq.TableFieldSchema
	rows     []warehouse.Row
	location string
}

// runQuery answers with the first page of the result.
func (h *Handler) runQuery(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	req := &bq.QueryRequest{}
	if err := parse(r.body, req); err != nil {
		return nil, err
	}
	found, err := perform(w, now, req.Query, req.DefaultDataset, r)
	if err != nil {
		return nil, err
	}
	if h.results == nil {
		h.results = map[string]*result{}
	}
	id := "job_" + strconv.Itoa(len(h.results)+1)
	h.results[id] = found
	from, to, next := found.page(0, int(req.MaxResults))
	return &bq.QueryResponse{
		Kind:            "bigquery#queryResponse",
		JobComplete:     true,
		JobReference:    &bq.JobReference{ProjectId: r.PathValue("project"), JobId: id, Location: found.location},
		Schema:          &bq.TableSchema{Fields: found.fields},
		TotalRows:       uint64(len(found.rows)),
		PageToken:       next,
		Rows:            tableRows(found.fields, found.rows[from:to], req.FormatOptions != nil && req.FormatOptions.UseInt64Timestamp),
		ForceSendFields: []string{"TotalRows"},
	}, nil
}

// queryResults answers with a later page.
func (h *Handler) queryResults(_ *warehouse.Warehouse, _ time.Time, r request) (any, error) {
	id := r.PathValue("job")
	found, ok := h.results[id]
	if !ok {
		return nil, &apiError{http.StatusNotFound, "notFound", "Not found: Job " + r.PathValue("project") + ":" + id}
	}
	start, _, _, err := page(r, len(found.rows))
	if err != nil {
		return nil, err
	}
	most, err := count(r.URL.Query().Get("maxResults"), pageRows)
	if err != nil {
		return nil, err
	}
	from, to, next := found.page(start, most)
	return &bq.GetQueryResultsResponse{
		Kind:            "bigquery#getQueryResultsResponse",
		JobComplete:     true,
		JobReference:    &bq.JobReference{ProjectId: r.PathValue("project"), JobId: id, Location: found.location},
		Schema:          &bq.TableSchema{Fields: found.fields},
		TotalRows:       uint64(len(found.rows)),
		PageToken:       next,
		Rows:            tableRows(found.fields, found.rows[from:to], r.URL.Query().Get("formatOptions.useInt64Timestamp") == "true"),
		ForceSendFields: []string{"TotalRows"},
	}, nil
}

func (f *result) page(start, most int) (from, to int, next string) {
	if most <= 0 || most > pageRows {
		most = pageRows
	}
	from = min(start, len(f.rows))
	to = min(from+most, len(f.rows))
	if to < len(f.rows) {
		next = strconv.Itoa(to)
	}
	return from, to, next
}

// insertJob checks a query without running it; it knows no other jobs.
func insertJob(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	job := &bq.Job{}
	if err := parse(r.body, job); err != nil {
		return nil, err
	}
	c := job.Configuration
	if c == nil || !c.DryRun || c.Query == nil {
		return nil, &apiError{http.StatusNotImplemented, "notImplemented", "The stand-in has no jobs but queries with dryRun"}
	}
	s, err := query.Parse(c.Query.Query)
	if err != nil {
		return nil, badQuery(err)
	}
	if from := s.Table(); from != nil {
		if _, err := w.Table(target(from, c.Query.DefaultDataset, r)); err != nil {
			return nil, err
		}
	}
	job.Kind, job.Status = "bigquery#job", &bq.JobStatus{State: "DONE"}
	job.JobReference = &bq.JobReference{ProjectId: r.PathValue("project"), Location: "US"}
	job.Statistics = &bq.JobStatistics{CreationTime: now.UnixMilli(), Query: &bq.JobStatistics2{StatementType: "SELECT"}}
	return job, nil
}

// perform runs a statement.
func perform(w *warehouse.Warehouse, now time.Time, sql string, in *bq.DatasetReference, r request) (*result, error) {
	s, err := query.Parse(sql)
	if err != nil {
		return nil, badQuery(err)
	}
	if s.Constant {
		f := &bq.TableFieldSchema{Name: "f0_", Type: "INTEGER", Mode: "NULLABLE"}
		return &result{fields: []*bq.TableFieldSchema{f}, rows: []warehouse.Row{{"f0_": int64(1)}}, location: "US"}, nil
	}
	t, err := w.Table(target(s.Table(), in, r))
	if err != nil {
		return nil, err
	}
	if s.Alter != nil {
		return &result{location: t.Location()}, change(w, t, s.Alter, now)
	}
	all, err := t.StaleRows(now)
	if err != nil {
		return nil, err
	}
	fields, rows, err := s.Select.Run(t.Fields(), all)
	if err != nil {
		return nil, badQuery(err)
	}
	return &result{fields: fields, rows: rows, location: t.Location()}, nil
}

func change(w *warehouse.Warehouse, t *warehouse.Table, a *query.Alter, now time.Time) error {
	switch {
	case a.Staleness != nil:
		return w.SetMaxStaleness(t.Ref, *a.Staleness, now)
	case a.Column != "":
		return w.SetType(t.Ref, a.Column, a.Type, now)
	case a.DropKey:
		return w.SetKey(t.Ref, nil, now)
	}
	if len(t.PrimaryKey()) > 0 {
		return badQuery(fmt.Errorf("already exists: primary key of table %s", t.Ref))
	}
	return w.SetKey(t.Ref, a.AddKey, now)
}

// target completes a table's name with the request's default dataset and project.
func target(from []string, in *bq.DatasetReference, r request) warehouse.TableRef {
	if len(from) == 1 && in != nil {
		from = append([]string{in.DatasetId}, from...)
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
