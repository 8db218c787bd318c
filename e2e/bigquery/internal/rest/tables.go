package rest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func tableOf(r request) warehouse.TableRef {
	return warehouse.TableRef{Project: r.PathValue("project"), Dataset: r.PathValue("dataset"), Table: r.PathValue("table")}
}

func insertTable(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	meta := &bq.Table{}
	if err := parse(r.body, meta); err != nil {
		return nil, err
	}
	if meta.TableReference != nil {
		meta.TableReference.ProjectId, meta.TableReference.DatasetId = r.PathValue("project"), r.PathValue("dataset")
	}
	t, err := w.CreateTable(meta, now)
	if err != nil {
		return nil, err
	}
	return t.Meta(), nil
}

func getTable(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	if err := w.CheckGet(tableOf(r)); err != nil {
		return nil, err
	}
	t, err := w.Table(tableOf(r))
	if err != nil {
		return nil, err
	}
	rows, err := t.StaleRows(now)
	if err != nil {
		return nil, err
	}
	meta := *t.Meta()
	meta.NumRows = uint64(len(rows))
	return &meta, nil
}

// patchTable merges the body into the resource as RFC 7396 has it: null deletes, absent keeps.
func patchTable(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	t, err := w.Table(tableOf(r))
	if err != nil {
		return nil, err
	}
	current, err := json.Marshal(t.Meta())
	if err != nil {
		return nil, fmt.Errorf("encode table: %w", err)
	}
	merged, err := mergePatch(current, r.body)
	if err != nil {
		return nil, invalid(err)
	}
	return alter(w, now, r, merged)
}

// updateTable replaces the resource: what the body leaves out is gone.
func updateTable(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	return alter(w, now, r, r.body)
}

func alter(w *warehouse.Warehouse, now time.Time, r request, resource []byte) (any, error) {
	meta := &bq.Table{}
	if err := parse(resource, meta); err != nil {
		return nil, err
	}
	t, err := w.AlterTable(tableOf(r), meta, r.Header.Get("If-Match"), now)
	if err != nil {
		return nil, err
	}
	return t.Meta(), nil
}

// testPermissions answers with those of the permissions asked for that the account has on the table.
func testPermissions(w *warehouse.Warehouse, _ time.Time, r request) (any, error) {
	var ask bq.TestIamPermissionsRequest
	if err := parse(r.body, &ask); err != nil {
		return nil, err
	}
	ref := tableOf(r)
	ref.Table = strings.TrimSuffix(ref.Table, ":testIamPermissions")
	if _, err := w.Table(ref); err != nil {
		return nil, err
	}
	return &bq.TestIamPermissionsResponse{Permissions: w.Allowed(ask.Permissions)}, nil
}

func deleteTable(w *warehouse.Warehouse, _ time.Time, r request) (any, error) {
	return nil, w.DeleteTable(tableOf(r))
}

func listTables(w *warehouse.Warehouse, _ time.Time, r request) (any, error) {
	if _, err := w.Dataset(datasetOf(r)); err != nil {
		return nil, err
	}
	tables := w.Tables(datasetOf(r))
	from, to, next, err := page(r, len(tables))
	if err != nil {
		return nil, err
	}
	out := &bq.TableList{Kind: "bigquery#tableList", TotalItems: int64(len(tables)), NextPageToken: next}
	for _, t := range tables[from:to] {
		m := t.Meta()
		out.Tables = append(out.Tables, &bq.TableListTables{
			Kind: m.Kind, Id: m.Id, TableReference: m.TableReference, Type: m.Type, Labels: m.Labels,
			CreationTime: m.CreationTime, TimePartitioning: m.TimePartitioning, Clustering: m.Clustering,
		})
	}
	return out, nil
}
