package warehouse

import (
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	bq "google.golang.org/api/bigquery/v2"
)

// CreateTable adds a table, or refuses with NotFound (dataset), Duplicate or Invalid.
func (w *Warehouse) CreateTable(meta *bq.Table, now time.Time) (*Table, error) {
	if meta.TableReference == nil || meta.TableReference.TableId == "" {
		return nil, refuse(Invalid, "", "Required parameter is missing: tableReference.tableId")
	}
	r := meta.TableReference
	ref := TableRef{r.ProjectId, r.DatasetId, r.TableId}
	ds, err := w.Dataset(DatasetRef{ref.Project, ref.Dataset})
	if err != nil {
		return nil, err
	}
	if _, ok := w.tables[ref]; ok {
		return nil, refuse(Duplicate, ref.String(), "Already Exists: Table %s", ref)
	}
	if err := checkTable(ref, meta); err != nil {
		return nil, err
	}
	t := &Table{Ref: ref, location: ds.Location, created: now, streams: map[string]*Stream{}}
	t.meta = meta
	meta.MaxStaleness = "" // which the service drops, and says nothing
	w.stamp(t, now)
	t.versions = []version{w.version(fieldsOf(meta), now, w.delays.Table)}
	t.fold = newFold(primaryKey(meta))
	w.tables[ref] = t
	return t, nil
}

// AlterTable replaces a table's metadata after checking ifMatch ("" matches any) and that only what may change does.
func (w *Warehouse) AlterTable(ref TableRef, meta *bq.Table, ifMatch string, now time.Time) (*Table, error) {
	t, err := w.Table(ref)
	if err != nil {
		return nil, err
	}
	if ifMatch != "" && ifMatch != "*" && ifMatch != t.meta.Etag {
		return nil, refuse(Precondition, ref.String(), "Precondition check failed.")
	}
	if err := checkTable(ref, meta); err != nil {
		return nil, err
	}
	fields, changed, err := evolve(ref, fieldsOf(t.meta), fieldsOf(meta))
	if err != nil {
		return nil, err
	}
	if err := checkFixed(ref, t.meta, meta); err != nil {
		return nil, err
	}
	meta.Schema, meta.MaxStaleness = &bq.TableSchema{Fields: fields}, t.meta.MaxStaleness
	t.meta = meta
	w.stamp(t, now)
	if changed {
		t.versions = append(t.versions, w.version(fields, now, w.delays.Schema))
		t.widen()
	}
	t.rekey()
	return t, nil
}

func (w *Warehouse) version(fields []*bq.TableFieldSchema, now time.Time, late time.Duration) version {
	seen := now.Add(late)
	w.versions++
	return version{number: w.versions, fields: fields, visible: seen, taken: seen.Add(w.delays.Append)}
}

// stamp sets what the service sets itself.
func (w *Warehouse) stamp(t *Table, now time.Time) {
	m := t.meta
	m.Kind, m.Id, m.Type, m.Location, m.Etag = "bigquery#table", t.Ref.String(), "TABLE", t.location, w.etag()
	m.TableReference = &bq.TableReference{ProjectId: t.Ref.Project, DatasetId: t.Ref.Dataset, TableId: t.Ref.Table}
	m.CreationTime, m.LastModifiedTime = t.created.UnixMilli(), uint64(now.UnixMilli())
}

func (w *Warehouse) etag() string {
	w.revisions++
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "revision-%d", w.revisions))
}

func fieldsOf(meta *bq.Table) []*bq.TableFieldSchema {
	if meta.Schema == nil {
		return nil
	}
	return meta.Schema.Fields
}

// primaryKey returns the key's columns, spelt as in the schema.
func primaryKey(meta *bq.Table) []string {
	if meta.TableConstraints == nil || meta.TableConstraints.PrimaryKey == nil {
		return nil
	}
	key := slices.Clone(meta.TableConstraints.PrimaryKey.Columns)
	for i, name := range key {
		if f := FindField(fieldsOf(meta), name); f != nil {
			key[i] = f.Name
		}
	}
	return key
}
