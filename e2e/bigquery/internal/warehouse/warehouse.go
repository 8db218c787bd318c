package warehouse

import (
	"maps"
	"slices"
	"time"

	bq "google.golang.org/api/bigquery/v2"
)

// Warehouse holds all datasets and tables of all projects.
type Warehouse struct {
	datasets  map[DatasetRef]*bq.Dataset
	tables    map[TableRef]*Table
	revisions int64
	versions  int
	streams   int64
	delays    Delays
	denied    map[string]bool
}

// Delays is how long the Storage Write API is behind the REST API; the service is eventually consistent there.
type Delays struct {
	Schema time.Duration // until an altered schema is seen by writers: columns added, relaxed and widened
	Table  time.Duration // until a new table is seen by writers
	Append time.Duration // how much later than GetWriteStream's view the appends go by it
	// NotFound has a table that writers do not see refused with NOT_FOUND. Else it is refused as one that may not be
	// written, which is what the service mostly says.
	NotFound bool
}

// New returns an empty warehouse.
func New() *Warehouse {
	return &Warehouse{datasets: map[DatasetRef]*bq.Dataset{}, tables: map[TableRef]*Table{}}
}

// SetDelays applies to changes made from now on.
func (w *Warehouse) SetDelays(d Delays) { w.delays = d }

// CreateDataset adds a dataset, or refuses with Duplicate.
func (w *Warehouse) CreateDataset(d *bq.Dataset, now time.Time) (*bq.Dataset, error) {
	if d.DatasetReference == nil || d.DatasetReference.DatasetId == "" {
		return nil, refuse(Invalid, "", "Required parameter is missing: datasetReference.datasetId")
	}
	ref := DatasetRef{d.DatasetReference.ProjectId, d.DatasetReference.DatasetId}
	if _, ok := w.datasets[ref]; ok {
		return nil, refuse(Duplicate, ref.String(), "Already Exists: Dataset %s", ref)
	}
	d.Kind, d.Id, d.Etag = "bigquery#dataset", ref.String(), w.etag()
	d.CreationTime, d.LastModifiedTime = now.UnixMilli(), now.UnixMilli()
	if d.Location == "" {
		d.Location = "US"
	}
	w.datasets[ref] = d
	return d, nil
}

// Dataset returns a dataset, or refuses with NotFound.
func (w *Warehouse) Dataset(ref DatasetRef) (*bq.Dataset, error) {
	d, ok := w.datasets[ref]
	if !ok {
		return nil, refuse(NotFound, ref.String(), "Not found: Dataset %s", ref)
	}
	return d, nil
}

// DeleteDataset removes a dataset; one that holds tables only with contents set.
func (w *Warehouse) DeleteDataset(ref DatasetRef, contents bool) error {
	if _, err := w.Dataset(ref); err != nil {
		return err
	}
	tables := w.Tables(ref)
	if len(tables) > 0 && !contents {
		return refuse(InUse, ref.String(), "Dataset %s is still in use", ref)
	}
	for _, t := range tables {
		delete(w.tables, t.Ref)
	}
	delete(w.datasets, ref)
	return nil
}

// Tables returns the tables of a dataset by name.
func (w *Warehouse) Tables(ref DatasetRef) []*Table {
	var names []string
	for r := range maps.Keys(w.tables) {
		if r.Project == ref.Project && r.Dataset == ref.Dataset {
			names = append(names, r.Table)
		}
	}
	slices.Sort(names)
	out := make([]*Table, len(names))
	for i, n := range names {
		out[i] = w.tables[TableRef{ref.Project, ref.Dataset, n}]
	}
	return out
}

// Table returns a table, or refuses with NotFound.
func (w *Warehouse) Table(ref TableRef) (*Table, error) {
	t, ok := w.tables[ref]
	if !ok {
		return nil, refuse(NotFound, ref.String(), "Not found: Table %s", ref)
	}
	return t, nil
}

// FindTable looks a table up in whichever project holds it; one that several hold is refused.
func (w *Warehouse) FindTable(dataset, table string) (*Table, error) {
	var found *Table
	for ref, t := range w.tables {
		if ref.Dataset != dataset || ref.Table != table {
			continue
		}
		if found != nil {
			return nil, refuse(Invalid, dataset+"."+table, "Table %s.%s is in several projects", dataset, table)
		}
		found = t
	}
	if found == nil {
		return nil, refuse(NotFound, dataset+"."+table, "Not found: Table %s.%s", dataset, table)
	}
	return found, nil
}

// DeleteTable removes a table with its streams, or refuses with NotFound.
func (w *Warehouse) DeleteTable(ref TableRef) error {
	if _, err := w.Table(ref); err != nil {
		return err
	}
	delete(w.tables, ref)
	return nil
}
