package warehouse

import (
	"slices"
	"time"

	bq "google.golang.org/api/bigquery/v2"
)

// The permissions that the stand-in knows; an account has all that Deny does not take.
const (
	GetTable   = "bigquery.tables.get"
	UpdateData = "bigquery.tables.updateData"
)

// Deny takes permissions from the account; those of before come back.
func (w *Warehouse) Deny(permissions ...string) {
	w.denied = map[string]bool{}
	for _, p := range permissions {
		w.denied[p] = true
	}
}

// Allowed returns those of the permissions that the account has.
func (w *Warehouse) Allowed(permissions []string) []string {
	return slices.DeleteFunc(slices.Clone(permissions), func(p string) bool { return w.denied[p] })
}

// CheckGet refuses to show a table whose metadata the account may not see.
func (w *Warehouse) CheckGet(ref TableRef) error {
	if w.denied[GetTable] {
		return refuse(Denied, ref.String(), "Access Denied: Table %[1]s: Permission %[2]s denied on table %[1]s (or it may not exist).", ref, GetTable)
	}
	return nil
}

// Seen returns a table with the schema that GetWriteStream shows and its number.
func (w *Warehouse) Seen(ref TableRef, now time.Time) (*Table, []*bq.TableFieldSchema, int, error) {
	return w.writable(ref, func(v version) bool { return !v.visible.After(now) })
}

// Taken returns a table with the schema that appends go by and its number.
func (w *Warehouse) Taken(ref TableRef, now time.Time) (*Table, []*bq.TableFieldSchema, int, error) {
	return w.writable(ref, func(v version) bool { return !v.taken.After(now) })
}

// writable returns a table with its newest schema that counts. A table that may not be written, one that is too new and
// one that does not exist are refused with the same words, which tell nobody what there is.
func (w *Warehouse) writable(ref TableRef, counts func(version) bool) (*Table, []*bq.TableFieldSchema, int, error) {
	t := w.tables[ref]
	if t != nil && !w.denied[UpdateData] {
		for _, v := range slices.Backward(t.versions) {
			if counts(v) {
				return t, v.fields, v.number, nil
			}
		}
	}
	if w.delays.NotFound && !w.denied[UpdateData] {
		return nil, nil, 0, refuse(NotFound, ref.Path(), "Requested entity was not found: %s", ref.Path())
	}
	return nil, nil, 0, refuse(Denied, ref.Path(), "Permission 'TABLES_UPDATE_DATA' denied on resource '%s' (or it may not exist).", ref.Path())
}
