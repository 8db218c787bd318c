package table

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/sdk"
)

// Pauses between looks at what writers see.
const (
	firstLook = 50 * time.Millisecond
	lastLook  = 5 * time.Second
)

// await returns when those who write see the table with all columns, which may
// be minutes after the table was created or altered.
func (s *Store) await(ctx context.Context, spec *Spec, columns []schema.Column) error {
	s.settings.Metrics.Waiting.Inc()
	defer s.settings.Metrics.Waiting.Dec()
	ctx, cancel := context.WithTimeoutCause(ctx, s.settings.SchemaTimeout, errLate(s.settings.SchemaTimeout))
	defer cancel()
	names := wanted(spec, columns)
	var err error
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		var missing string
		if missing, err = s.look(ctx, spec, names); err == nil && missing == "" {
			return nil
		}
		if err != nil {
			if kind, _ := fault.Of(err); kind == fault.Lasting {
				return fault.Explain(fmt.Errorf("look at its stream: %w", err))
			}
		}
		select {
		case <-ctx.Done():
			if err != nil {
				return sdk.Transient(fmt.Errorf("wait for writers to see it: %w: %w", context.Cause(ctx), err))
			}
			return sdk.Transient(fmt.Errorf("wait for column %q: %w", missing, context.Cause(ctx)))
		case <-time.After(pause):
		}
	}
}

func errLate(d time.Duration) error {
	return fmt.Errorf("BigQuery did not show it to writers within schema_timeout of %v", d)
}

func wanted(spec *Spec, columns []schema.Column) []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	if !spec.Upsert {
		for _, f := range row.LogColumns() {
			names = append(names, f.Name)
		}
	}
	return names
}

// look returns the first column that writers do not see.
func (s *Store) look(ctx context.Context, spec *Spec, names []string) (missing string, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.settings.RequestTimeout)
	defer cancel()
	stream, err := s.write.GetWriteStream(ctx, &storagepb.GetWriteStreamRequest{
		Name: s.Path(spec.Dataset, spec.Table) + "/streams/_default",
		View: storagepb.WriteStreamView_FULL,
	})
	if err != nil {
		return "", err
	}
	seen := make(map[string]bool)
	for _, f := range stream.GetTableSchema().GetFields() {
		seen[strings.ToUpper(f.GetName())] = true
	}
	for _, n := range names {
		if !seen[strings.ToUpper(n)] {
			return n, nil
		}
	}
	return "", nil
}

// Path is the table's name in the Storage Write API.
func (s *Store) Path(dataset, table string) string {
	return managedwriter.TableParentFromParts(s.settings.Project, dataset, table)
}
