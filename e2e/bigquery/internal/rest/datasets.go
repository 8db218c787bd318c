package rest

import (
	"time"

	bq "google.golang.org/api/bigquery/v2"

	"github.com/leat-io/leat/e2e/bigquery/internal/warehouse"
)

func datasetOf(r request) warehouse.DatasetRef {
	return warehouse.DatasetRef{Project: r.PathValue("project"), Dataset: r.PathValue("dataset")}
}

func insertDataset(w *warehouse.Warehouse, now time.Time, r request) (any, error) {
	d := &bq.Dataset{}
	if err := parse(r.body, d); err != nil {
		return nil, err
	}
	if d.DatasetReference != nil {
		d.DatasetReference.ProjectId = r.PathValue("project")
	}
	return w.CreateDataset(d, now)
}

func getDataset(w *warehouse.Warehouse, _ time.Time, r request) (any, error) {
	return w.Dataset(datasetOf(r))
}

func deleteDataset(w *warehouse.Warehouse, _ time.Time, r request) (any, error) {
	return nil, w.DeleteDataset(datasetOf(r), r.FormValue("deleteContents") == "true")
}
