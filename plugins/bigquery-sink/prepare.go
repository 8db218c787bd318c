package main

import (
	"context"
	"fmt"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/lane"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/table"
	"github.com/leat-io/leat/sdk"
)

// prepare makes a table fit for rows of the schemas.
func (s *sink) prepare(ctx context.Context, d *destination, schemas lane.Schemas) (*lane.Route, error) {
	var key []byte
	if schemas.Key != nil {
		key = schemas.Key.Avro
	}
	e, err := schema.ParseEnvelope(schemas.Value.Avro, key)
	if err == nil && schemas.Value.Row != nil {
		err = e.Refine(schemas.Value.Row, s.config.unsigned())
	}
	if err != nil {
		return nil, sdk.Permanent(fmt.Errorf("topic %q, subject %q: %w", d.from.Topic, schemas.Value.Subject, err))
	}
	upsert := d.place.upsert && len(key) > 0
	spec := table.Spec{
		Dataset: d.place.dataset, Table: d.place.table, From: d.from, Columns: e.Columns, KeyColumns: e.KeyColumns,
		Upsert: upsert, MaxStaleness: s.config.MaxStaleness, Partition: s.config.partition(),
	}
	columns, keys, err := s.store.Ensure(ctx, spec)
	if err != nil {
		return nil, err
	}
	s.warnUnsigned(d, columns)
	plan, err := row.Compile(row.Settings{Envelope: e, Columns: columns, KeyColumns: keys, Upsert: upsert, LogTruncate: s.config.Truncate == auto})
	if err != nil {
		return nil, sdk.Permanent(fmt.Errorf("table %v: %w", d.place, err))
	}
	if err := s.openStream(ctx, d, spec, plan); err != nil {
		return nil, err
	}
	held := func(ctx context.Context, yield func([]bigquery.Value) error) error {
		return s.store.Keys(ctx, &spec, keys, yield)
	}
	why := func(ctx context.Context, cause error) error { return s.store.Why(ctx, spec, cause) }
	look := func(ctx context.Context) error { return s.store.Look(ctx, spec) }
	return &lane.Route{Plan: plan, Stream: d.stream, Why: why, Look: look, Keys: held}, nil
}

// openStream opens the one stream of the table, if it is not open: requests say
// themselves which form their rows have, and the client keeps what was a stream
// once, closed or not.
func (s *sink) openStream(ctx context.Context, d *destination, spec table.Spec, plan *row.Plan) (err error) {
	if d.stream != nil {
		return nil
	}
	d.stream, err = s.store.Open(ctx, spec, func() (*managedwriter.ManagedStream, error) {
		return s.clients.Write.NewManagedStream(s.life,
			managedwriter.WithType(managedwriter.DefaultStream),
			managedwriter.WithDestinationTable(s.store.Path(d.place.dataset, d.place.table)),
			managedwriter.WithSchemaDescriptor(plan.Descriptor()),
			managedwriter.WithTraceID("leat:"+s.env.Pipeline),
		)
	})
	return err
}

// warnUnsigned tells of columns that have half of what the source may send.
func (s *sink) warnUnsigned(d *destination, columns []schema.Column) {
	for i := range columns {
		if c := &columns[i]; c.Form == schema.Unsigned && c.Type == bigquery.IntegerFieldType && s.config.UnsignedBigint != int64Type {
			s.env.Logger.Warn("column is INT64, which holds half of BIGINT UNSIGNED: larger values end the pipeline, and those written by earlier versions are negative",
				"table", d.place, "column", c.Name, "cure", fmt.Sprintf("ALTER TABLE %v ALTER COLUMN `%s` SET DATA TYPE NUMERIC, then restart the pipeline", d.place, c.Name))
		}
	}
}
