package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// maxKey is the most columns of a primary key where changes are streamed,
// maxClustering the most that a table is clustered by.
const (
	maxKey        = 16
	maxClustering = 4
)

// checkKey refuses a key that BigQuery does not take.
func checkKey(spec *Spec) error {
	if !spec.Upsert {
		return nil
	}
	if n := len(spec.KeyColumns); n > maxKey {
		return permanentf("its key has %d columns, BigQuery takes %d: set mode to append for it by a rule", n, maxKey)
	}
	for i := range spec.KeyColumns {
		if k := &spec.KeyColumns[i]; !k.CanKey() {
			return permanentf("its key has the column %q of type %s, which BigQuery does not take in a key: set mode to append for it by a rule", k.Name, k.Type)
		}
	}
	return nil
}

// compareKey compares the key with that of a table that exists.
func compareKey(spec *Spec, meta *bigquery.TableMetadata) error {
	if !spec.Upsert {
		return nil
	}
	want, have := keyNames(spec), []string(nil)
	if meta.TableConstraints != nil && meta.TableConstraints.PrimaryKey != nil {
		have = meta.TableConstraints.PrimaryKey.Columns
	}
	if len(have) == 0 {
		return fmt.Errorf("it has no primary key, by which rows are replaced: run %q, or set mode to append for it by a rule",
			alter(spec, "ADD PRIMARY KEY ("+strings.Join(want, ", ")+") NOT ENFORCED"))
	}
	sorted := func(names []string) []string {
		out := make([]string, len(names))
		for i, n := range names {
			out[i] = strings.ToUpper(n)
		}
		slices.Sort(out)
		return out
	}
	if !slices.Equal(sorted(have), sorted(want)) {
		return fmt.Errorf("its primary key is (%s), but that of the rows is (%s): write to another table by a rule, or drop this one and have it filled by a new snapshot",
			strings.Join(have, ", "), strings.Join(want, ", "))
	}
	return nil
}

func keyNames(spec *Spec) []string {
	names := make([]string, len(spec.KeyColumns))
	for i, k := range spec.KeyColumns {
		names[i] = k.Name
	}
	return names
}

func isKey(spec *Spec, column string) bool {
	return spec.Upsert && slices.ContainsFunc(spec.KeyColumns, func(k schema.Column) bool { return strings.EqualFold(k.Name, column) })
}

func alter(spec *Spec, what string) string {
	return fmt.Sprintf("ALTER TABLE %s.%s %s", spec.Dataset, spec.Table, what)
}

// misfit adds the cure to a column that does not fit.
func misfit(spec *Spec, err error) error {
	var m *schema.Mismatch
	if errors.As(err, &m) && m.Alterable() {
		return fmt.Errorf("%w: run %q", err, alter(spec, fmt.Sprintf("ALTER COLUMN %s SET DATA TYPE %s", m.Column, sqlType(m.Want))))
	}
	return fmt.Errorf("%w: rename the column in BigQuery, whereupon a new one is made, or write to another table by a rule", err)
}

// sqlType is a type as SQL names it.
func sqlType(t bigquery.FieldType) string {
	switch t {
	case bigquery.IntegerFieldType:
		return "INT64"
	case bigquery.FloatFieldType:
		return "FLOAT64"
	case bigquery.BooleanFieldType:
		return "BOOL"
	}
	return string(t)
}
