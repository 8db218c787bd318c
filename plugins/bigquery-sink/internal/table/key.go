package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
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

// compareKey compares the key with that of a table that exists. A table is the
// state of the source's, by its key, or a log of changes, and stays what it is:
// one that is partly both tells nothing.
func compareKey(spec *Spec, meta *bigquery.TableMetadata) error {
	want, have := keyNames(spec), keyOf(meta)
	switch isLog := schema.Find(meta.Schema, row.LogOp) != nil; {
	case spec.Upsert && len(have) == 0 && isLog:
		return fmt.Errorf("it is a log of changes, with the column %s and no primary key, but %v has the key (%s) now: keep the log with mode: append by a rule for topic %q, or write to another table by a rule",
			row.LogOp, spec.From, strings.Join(want, ", "), spec.From.Topic)
	case spec.Upsert && len(have) == 0:
		return fmt.Errorf("it has no primary key, by which rows are replaced: run %q, or set mode to append for it by a rule",
			alter(spec, "ADD PRIMARY KEY (`"+strings.Join(want, "`, `")+"`) NOT ENFORCED"))
	case spec.Upsert && !slices.Equal(sorted(have), sorted(want)):
		return fmt.Errorf("its primary key is (%s), but that of the rows is (%s), the key of %v now: write to another table by a rule for topic %q, or drop this one; what was there before comes with a new snapshot only",
			strings.Join(have, ", "), strings.Join(want, ", "), spec.From, spec.From.Topic)
	case !spec.Upsert && len(have) > 0 && len(want) == 0:
		return fmt.Errorf("its primary key is (%s), but %v has no key now, so that its changes can only be logged: write the log to another table by a rule for topic %q with mode: append, or drop this one, whereupon a log is made in its place",
			strings.Join(have, ", "), spec.From, spec.From.Topic)
	case !spec.Upsert && len(have) > 0:
		return fmt.Errorf("its primary key is (%s), as that of a table of mode upsert, but mode is append: name another table in the rule for topic %q, or, if it is to be a log from here on, run %q",
			strings.Join(have, ", "), spec.From.Topic, alter(spec, "DROP PRIMARY KEY"))
	}
	return nil
}

func keyOf(meta *bigquery.TableMetadata) []string {
	if meta.TableConstraints == nil || meta.TableConstraints.PrimaryKey == nil {
		return nil
	}
	return meta.TableConstraints.PrimaryKey.Columns
}

// sorted makes names comparable: their order does not matter, nor does case.
func sorted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strings.ToUpper(n)
	}
	slices.Sort(out)
	return out
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
		return fmt.Errorf("%w: run %q", err, alter(spec, fmt.Sprintf("ALTER COLUMN `%s` SET DATA TYPE %s", m.Column, sqlType(m.Want))))
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
