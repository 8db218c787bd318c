package warehouse

import (
	"reflect"
	"slices"

	bq "google.golang.org/api/bigquery/v2"
)

// maxKeyColumns is the most columns that a primary key may have where changes are streamed.
const maxKeyColumns = 16

var (
	keyTypes       = []string{"STRING", "BYTES", "INTEGER", "BOOLEAN", "TIMESTAMP", "DATE", "DATETIME", "NUMERIC", "BIGNUMERIC"}
	clusterTypes   = append([]string{"GEOGRAPHY"}, keyTypes...)
	partitionTypes = []string{"DATE", "TIMESTAMP", "DATETIME"}
	partitionUnits = []string{"HOUR", "DAY", "MONTH", "YEAR"}
)

// checkTable checks all of a table's metadata that stands by itself.
func checkTable(ref TableRef, meta *bq.Table) error {
	entity := ref.String()
	if err := checkFields(entity, fieldsOf(meta)); err != nil {
		return err
	}
	if err := checkKey(entity, meta); err != nil {
		return err
	}
	if err := checkClustering(entity, meta); err != nil {
		return err
	}
	if err := checkPartitioning(entity, meta); err != nil {
		return err
	}
	if _, err := ParseInterval(meta.MaxStaleness); err != nil {
		return refuse(Invalid, entity, "Invalid value for maxStaleness: %v", err)
	}
	return nil
}

func checkKey(entity string, meta *bq.Table) error {
	key := primaryKey(meta)
	if len(key) > maxKeyColumns {
		return refuse(Invalid, entity, "The primary key has %d columns, at most %d are allowed", len(key), maxKeyColumns)
	}
	for i, name := range key {
		if slices.Contains(key[:i], name) {
			return refuse(Invalid, entity, "Column %s appears twice in the primary key", name)
		}
	}
	return checkColumns(entity, "primary key", fieldsOf(meta), key, keyTypes)
}

func checkClustering(entity string, meta *bq.Table) error {
	if meta.Clustering == nil {
		return nil
	}
	if n := len(meta.Clustering.Fields); n == 0 || n > 4 {
		return refuse(Invalid, entity, "Clustering must name 1 to 4 fields, found %d", n)
	}
	return checkColumns(entity, "clustering", fieldsOf(meta), meta.Clustering.Fields, clusterTypes)
}

func checkPartitioning(entity string, meta *bq.Table) error {
	p := meta.TimePartitioning
	if p == nil {
		return nil
	}
	if !slices.Contains(partitionUnits, p.Type) {
		return refuse(Invalid, entity, "Invalid value for timePartitioning.type: %q is not one of %v", p.Type, partitionUnits)
	}
	if p.Field == "" {
		return nil
	}
	return checkColumns(entity, "time partitioning", fieldsOf(meta), []string{p.Field}, partitionTypes)
}

func checkColumns(entity, use string, fields []*bq.TableFieldSchema, names, types []string) error {
	for _, n := range names {
		f := FindField(fields, n)
		if f == nil {
			return refuse(Invalid, entity, "The field specified for %s cannot be found in the schema: %s", use, n)
		}
		if f.Mode == "REPEATED" || !slices.Contains(types, f.Type) {
			return refuse(Invalid, entity, "The field %s of type %s and mode %s cannot be used for %s", n, f.Type, f.Mode, use)
		}
	}
	return nil
}

// checkFixed refuses a change of what is fixed at creation.
func checkFixed(ref TableRef, before, after *bq.Table) error {
	unit := func(t *bq.Table) [2]string {
		if t.TimePartitioning == nil {
			return [2]string{}
		}
		return [2]string{t.TimePartitioning.Type, t.TimePartitioning.Field}
	}
	if unit(before) != unit(after) || !reflect.DeepEqual(before.RangePartitioning, after.RangePartitioning) {
		return refuse(Invalid, ref.String(), "Cannot change partitioning spec for table %s", ref)
	}
	return nil
}
