package warehouse

import (
	"reflect"
	"slices"

	bq "google.golang.org/api/bigquery/v2"
)

// wider lists the types to which a column may be altered without loss.
var wider = map[string][]string{
	"INTEGER": {"NUMERIC", "BIGNUMERIC", "FLOAT"},
	"NUMERIC": {"BIGNUMERIC", "FLOAT"},
}

// evolve returns the schema after an alteration and whether it differs. Columns may be added, relaxed and widened; the
// columns that exist keep their order and the new ones follow.
func evolve(ref TableRef, before, after []*bq.TableFieldSchema) ([]*bq.TableFieldSchema, bool, error) {
	out, err := evolveFields(ref, "", before, after)
	if err != nil {
		return nil, false, err
	}
	return out, !reflect.DeepEqual(before, out), nil
}

func evolveFields(ref TableRef, path string, before, after []*bq.TableFieldSchema) ([]*bq.TableFieldSchema, error) {
	var out []*bq.TableFieldSchema
	for _, b := range before {
		a := FindField(after, b.Name)
		if a == nil {
			return nil, mismatch(ref, "Field %s is missing in new schema", path+b.Name)
		}
		f, err := evolveField(ref, path, b, a)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	for _, a := range after {
		if FindField(before, a.Name) != nil {
			continue
		}
		if a.Mode == "REQUIRED" {
			return nil, mismatch(ref, "Cannot add required fields to an existing schema. (field: %s)", path+a.Name)
		}
		out = append(out, a)
	}
	return out, nil
}

func evolveField(ref TableRef, path string, before, after *bq.TableFieldSchema) (*bq.TableFieldSchema, error) {
	f := *after
	f.Name = before.Name
	if before.Type != after.Type && !slices.Contains(wider[before.Type], after.Type) {
		return nil, mismatch(ref, "Field %s has changed type from %s to %s", path+f.Name, before.Type, after.Type)
	}
	if before.Mode != after.Mode && (before.Mode != "REQUIRED" || after.Mode != "NULLABLE") {
		return nil, mismatch(ref, "Field %s has changed mode from %s to %s", path+f.Name, before.Mode, after.Mode)
	}
	if before.Type == after.Type && narrower(before, after) {
		return nil, mismatch(ref, "Field %s has a narrower length, precision or scale than before", path+f.Name)
	}
	var err error
	f.Fields, err = evolveFields(ref, path+f.Name+".", before.Fields, after.Fields)
	return &f, err
}

// narrower reports whether a parameterized type lost room; no parameter is the widest.
func narrower(before, after *bq.TableFieldSchema) bool {
	less := func(b, a int64) bool { return a != 0 && (b == 0 || a < b) }
	if less(before.MaxLength, after.MaxLength) {
		return true
	}
	if after.Precision == 0 {
		return false
	}
	return before.Precision == 0 || after.Scale < before.Scale || after.Precision-after.Scale < before.Precision-before.Scale
}

func mismatch(ref TableRef, format string, args ...any) error {
	return refuse(Invalid, ref.String(), "Provided Schema does not match Table "+ref.String()+". "+format+".", args...)
}

// widen converts what was written before a column's type changed, so that an old row reads the same as a new one.
func (t *Table) widen() {
	for _, c := range t.log {
		t.refit(c.Row)
	}
	for _, s := range t.streams {
		for _, c := range s.held {
			t.refit(c.Row)
		}
	}
}
