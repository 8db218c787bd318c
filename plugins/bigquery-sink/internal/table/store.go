// Package table makes BigQuery's tables fit for the rows to come: it creates
// them, adds and relaxes columns, and waits until those who write see it.
//
// It never drops, narrows or renames anything. Start reading at Store.Ensure.
package table

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/metric"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/wait"
	"github.com/leat-io/leat/sdk"
)

// Settings hold for all tables of a sink.
type Settings struct {
	Project, Location string
	CreateDataset     bool
	Labels            map[string]string
	// RequestTimeout bounds one request, SchemaTimeout the wait for those who write.
	RequestTimeout, SchemaTimeout time.Duration
	Logger                        *slog.Logger
	Metrics                       *metric.Metrics
	// Waits is told what tables wait for.
	Waits *wait.Board
}

// Spec is what rows need of a table.
type Spec struct {
	Dataset, Table string
	// From is the table that the rows come from.
	From                name.Source
	Columns, KeyColumns []schema.Column
	// Upsert asks for a primary key; else the table is a log of changes.
	Upsert       bool
	MaxStaleness time.Duration
	// Partition a log by the time of changes; empty for none.
	Partition bigquery.TimePartitioningType
}

// String names the table.
func (s *Spec) String() string { return s.Dataset + "." + s.Table }

// Store gives access to the tables. It is safe for concurrent use.
type Store struct {
	settings Settings
	rest     *bigquery.Client
	write    *managedwriter.Client
}

// New returns a store that works through the clients.
func New(s Settings, rest *bigquery.Client, write *managedwriter.Client) *Store {
	return &Store{settings: s, rest: rest, write: write}
}

// errRace says that somebody else altered the table meanwhile.
var errRace = errors.New("was altered by somebody else meanwhile")

// Ensure makes the table fit and returns the columns as the table has them. It
// returns when those who write see them, or with an error that is marked.
func (s *Store) Ensure(ctx context.Context, spec Spec) (columns, keys []schema.Column, err error) {
	columns, keys, err = s.ensure(ctx, &spec)
	if err != nil {
		return nil, nil, fmt.Errorf("table %v: %w", &spec, err)
	}
	return columns, keys, nil
}

func (s *Store) ensure(ctx context.Context, spec *Spec) (columns, keys []schema.Column, err error) {
	if err := checkKey(spec); err != nil {
		return nil, nil, err
	}
	const attempts = 10
	var pauses wait.Pauses
	for range attempts {
		var meta *bigquery.TableMetadata
		if meta, err = s.metadata(ctx, spec); errors.Is(err, errAbsent) {
			if err := pauses.Sleep(ctx); err != nil {
				return nil, nil, err
			}
			continue
		}
		if err != nil {
			return nil, nil, s.explain(spec, err)
		}
		var update *bigquery.TableMetadataToUpdate
		if columns, keys, update, err = plan(spec, meta); err != nil {
			return nil, nil, sdk.Permanent(err)
		}
		if update = claim(spec, meta, update); update == nil {
			if err := s.keepStaleness(ctx, spec, meta); err != nil {
				return nil, nil, err
			}
			if err = s.await(ctx, spec, columns); errors.Is(err, errAbsent) {
				continue // and make it again: no row was written
			}
			return columns, keys, err
		}
		if err = s.patch(ctx, spec, update, meta.ETag); err != nil && !errors.Is(err, errRace) && !errors.Is(err, errAbsent) {
			return nil, nil, s.explain(spec, err)
		}
	}
	return nil, nil, sdk.Transient(err)
}

func (s *Store) table(spec *Spec) *bigquery.Table {
	return s.rest.DatasetInProject(s.settings.Project, spec.Dataset).Table(spec.Table)
}

// metadata reads what the table is, and creates it if it is not.
func (s *Store) metadata(ctx context.Context, spec *Spec) (*bigquery.TableMetadata, error) {
	var meta *bigquery.TableMetadata
	read := func() error {
		return s.call(ctx, spec, "read its metadata", func(ctx context.Context) (err error) {
			meta, err = s.table(spec).Metadata(ctx)
			return err
		})
	}
	err := read()
	if !fault.HasStatus(err, http.StatusNotFound) {
		return meta, err
	}
	if err := s.create(ctx, spec); err != nil {
		return nil, err
	}
	if err = read(); fault.HasStatus(err, http.StatusNotFound) {
		return nil, errAbsent
	}
	return meta, err
}

func (s *Store) patch(ctx context.Context, spec *Spec, update *bigquery.TableMetadataToUpdate, etag string) error {
	err := s.call(ctx, spec, "alter it", func(ctx context.Context) error {
		_, err := s.table(spec).Update(ctx, *update, etag)
		if fault.HasStatus(err, http.StatusPreconditionFailed) {
			return errRace
		}
		return err
	})
	if fault.HasStatus(err, http.StatusNotFound) {
		return errAbsent
	}
	if err != nil {
		return err
	}
	if update.Schema == nil {
		return nil
	}
	s.settings.Metrics.SchemaChanges.Inc()
	s.settings.Logger.Info("altered table", "table", spec.String(), "columns", len(update.Schema))
	return nil
}

// plan compares what is needed with what is there; update is nil if it fits.
func plan(spec *Spec, meta *bigquery.TableMetadata) (columns, keys []schema.Column, update *bigquery.TableMetadataToUpdate, err error) {
	if err := compareOwner(spec, meta); err != nil {
		return nil, nil, nil, err
	}
	if err := compareKey(spec, meta); err != nil {
		return nil, nil, nil, err
	}
	columns, missing, err := schema.Fit(spec.Columns, meta.Schema)
	if err != nil {
		return nil, nil, nil, misfit(spec, err)
	}
	keys, _, err = schema.Fit(spec.KeyColumns, meta.Schema)
	if err != nil {
		return nil, nil, nil, misfit(spec, err)
	}
	altered, changed := relaxed(meta.Schema, spec)
	added := schema.Fields(missing)
	for _, f := range added {
		f.Required = false
	}
	if !spec.Upsert {
		added = append(added, absent(row.LogColumns(), meta.Schema)...)
	}
	if len(added) > 0 || changed {
		update = &bigquery.TableMetadataToUpdate{Schema: append(altered, added...)}
	}
	return columns, keys, update, nil
}

func absent(fields, table bigquery.Schema) bigquery.Schema {
	var out bigquery.Schema
	for _, f := range fields {
		if schema.Find(table, f.Name) == nil {
			out = append(out, f)
		}
	}
	return out
}

// relaxed returns the table's columns, none of them REQUIRED but those of the key:
// rows may come without a column that the source has dropped.
func relaxed(table bigquery.Schema, spec *Spec) (out bigquery.Schema, changed bool) {
	for _, f := range table {
		g, c := relax(f, isKey(spec, f.Name))
		out, changed = append(out, g), changed || c
	}
	return out, changed
}

func relax(f *bigquery.FieldSchema, key bool) (out *bigquery.FieldSchema, changed bool) {
	g := *f
	if g.Required && !key {
		g.Required, changed = false, true
	}
	g.Schema = nil
	for _, inner := range f.Schema {
		h, c := relax(inner, false)
		g.Schema, changed = append(g.Schema, h), changed || c
	}
	return &g, changed
}
