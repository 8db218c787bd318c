package warehouse

import (
	"encoding/json"
	"fmt"
	"time"

	bq "google.golang.org/api/bigquery/v2"
)

// SetMaxStaleness sets how old the rows of a query may be, as ALTER TABLE does. The tables of the REST API show it
// and drop what a request says of it.
func (w *Warehouse) SetMaxStaleness(ref TableRef, interval string, now time.Time) error {
	t, err := w.Table(ref)
	if err != nil {
		return err
	}
	if _, err := ParseInterval(interval); err != nil {
		return refuse(Invalid, ref.String(), "Invalid value for max_staleness: %v", err)
	}
	meta := *t.meta
	meta.MaxStaleness = interval
	t.meta = &meta
	w.stamp(t, now)
	return nil
}

// SetType widens a column.
func (w *Warehouse) SetType(ref TableRef, column, typ string, now time.Time) error {
	return w.modify(ref, now, func(meta *bq.Table) error {
		f := FindField(fieldsOf(meta), column)
		if f == nil {
			return refuse(Invalid, ref.String(), "Column not found: %s", column)
		}
		f.Type = typ
		return nil
	})
}

// SetKey replaces the primary key, or takes it away if there are no columns.
func (w *Warehouse) SetKey(ref TableRef, columns []string, now time.Time) error {
	return w.modify(ref, now, func(meta *bq.Table) error {
		meta.TableConstraints = nil
		if len(columns) > 0 {
			meta.TableConstraints = &bq.TableConstraints{PrimaryKey: &bq.TableConstraintsPrimaryKey{Columns: columns}}
		}
		return nil
	})
}

// modify changes a copy of the table's resource, which is then checked as a request is.
func (w *Warehouse) modify(ref TableRef, now time.Time, change func(*bq.Table) error) error {
	t, err := w.Table(ref)
	if err != nil {
		return err
	}
	b, err := json.Marshal(t.meta)
	if err != nil {
		return fmt.Errorf("copy table: %w", err)
	}
	meta := &bq.Table{}
	if err := json.Unmarshal(b, meta); err != nil {
		return fmt.Errorf("copy table: %w", err)
	}
	if err := change(meta); err != nil {
		return err
	}
	_, err = w.AlterTable(ref, meta, "", now)
	return err
}
