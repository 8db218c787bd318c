package table

import (
	"context"
	"fmt"
	"net/http"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/sdk"
)

func permanentf(format string, args ...any) error { return sdk.Permanent(fmt.Errorf(format, args...)) }

// create makes the table, and its dataset if that is allowed. Somebody else may
// be quicker.
func (s *Store) create(ctx context.Context, spec *Spec) error {
	try := func() error {
		return s.call(ctx, spec, "create it", func(ctx context.Context) error { return s.table(spec).Create(ctx, s.describe(spec)) })
	}
	err := try()
	if fault.HasStatus(err, http.StatusNotFound) && s.settings.CreateDataset {
		if err := s.createDataset(ctx, spec); err != nil {
			return err
		}
		err = try()
	}
	if fault.HasStatus(err, http.StatusConflict) {
		return nil
	}
	if fault.HasStatus(err, http.StatusNotFound) {
		return permanentf("%w: create the dataset %q in project %q, or set create_dataset", err, spec.Dataset, s.settings.Project)
	}
	if err != nil {
		return err
	}
	s.settings.Metrics.SchemaChanges.Inc()
	s.settings.Logger.Info("created table", "table", spec.String(), "topic", spec.From.Topic)
	return nil
}

func (s *Store) createDataset(ctx context.Context, spec *Spec) error {
	err := s.call(ctx, spec, fmt.Sprintf("create dataset %q", spec.Dataset), func(ctx context.Context) error {
		return s.rest.DatasetInProject(s.settings.Project, spec.Dataset).Create(ctx, &bigquery.DatasetMetadata{
			Location: s.settings.Location, Labels: s.settings.Labels,
		})
	})
	if fault.HasStatus(err, http.StatusConflict) {
		return nil
	}
	return err
}

func (s *Store) describe(spec *Spec) *bigquery.TableMetadata {
	meta := &bigquery.TableMetadata{
		Description: "Written by leat from " + spec.From.Topic + ".",
		Labels:      labels(spec, s.settings.Labels),
		Schema:      schema.Fields(spec.Columns),
	}
	if fields := clustering(spec); len(fields) > 0 {
		meta.Clustering = &bigquery.Clustering{Fields: fields}
	}
	if spec.Upsert {
		meta.TableConstraints = &bigquery.TableConstraints{PrimaryKey: &bigquery.PrimaryKey{Columns: keyNames(spec)}}
		return meta
	}
	for _, f := range meta.Schema {
		f.Required = false
	}
	meta.Schema = append(meta.Schema, row.LogColumns()...)
	if spec.Partition != "" {
		meta.TimePartitioning = &bigquery.TimePartitioning{Type: spec.Partition, Field: row.LogTime}
	}
	return meta
}

// clustering keeps the rows of near keys together, which lookups and merges need.
func clustering(spec *Spec) []string {
	var fields []string
	for i := range spec.KeyColumns {
		if k := &spec.KeyColumns[i]; k.CanKey() && len(fields) < maxClustering {
			fields = append(fields, k.Name)
		}
	}
	return fields
}
