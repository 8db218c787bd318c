package table

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/bigquery/storage/apiv1/storagepb"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"github.com/googleapis/gax-go/v2"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/wait"
	"github.com/leat-io/leat/sdk"
)

const showTable = "show it to writers"

// await returns when those who write see the table with all columns, as the rows
// need them, which may be minutes after the table was created or altered.
func (s *Store) await(ctx context.Context, spec *Spec, columns []schema.Column) error {
	want := wanted(spec, columns)
	return s.until(ctx, spec, func(ctx context.Context) (pending string, err error) {
		seen, err := s.look(ctx, spec)
		if err != nil {
			return showTable, err
		}
		return behind(want, seen), nil
	})
}

// Open returns the stream to the table.
func (s *Store) Open(ctx context.Context, spec Spec, open func() (*managedwriter.ManagedStream, error)) (stream *managedwriter.ManagedStream, err error) {
	err = s.until(ctx, &spec, func(context.Context) (string, error) {
		if stream, err = open(); err != nil {
			return showTable, err
		}
		return "", nil
	})
	if err != nil {
		return nil, fmt.Errorf("table %v: %w", &spec, err)
	}
	return stream, nil
}

// until repeats try until it neither fails nor says that something is pending. An
// outage is waited for without end, what is late as long as schema_timeout.
func (s *Store) until(ctx context.Context, spec *Spec, try func(context.Context) (pending string, err error)) error {
	s.settings.Metrics.Waiting.Inc()
	defer s.settings.Metrics.Waiting.Dec()
	w := s.settings.Waits.Begin(spec.String(), showTable, time.Now())
	defer w.End()
	var pauses wait.Pauses
	var late time.Time // since when
	for {
		pending, err := try(ctx)
		if err == nil && pending == "" {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		kind, _ := fault.Of(err)
		switch {
		case err == nil, kind == fault.Late:
			if late.IsZero() {
				late = time.Now()
			}
		case kind != fault.Passing:
			return fault.Explain(fmt.Errorf("look at its stream: %w", err))
		}
		if kind == fault.Late {
			if why := s.why(ctx, spec, err); why != nil {
				return why
			}
		}
		if !late.IsZero() && time.Since(late) > s.settings.SchemaTimeout {
			return tooLate(s.settings.SchemaTimeout, pending, err)
		}
		w.For(pending)
		if err != nil {
			w.Failed(err)
		}
		if err := pauses.Sleep(ctx); err != nil {
			return err
		}
	}
}

func tooLate(timeout time.Duration, pending string, err error) error {
	late := fmt.Errorf("BigQuery did not %s within schema_timeout of %v", pending, timeout)
	if err != nil {
		late = fmt.Errorf("%w: %w", late, err)
	}
	return sdk.Transient(late)
}

// Look returns an error if writers cannot look at the table.
func (s *Store) Look(ctx context.Context, spec Spec) error {
	_, err := s.look(ctx, &spec)
	return err
}

// look returns the columns that writers see.
func (s *Store) look(ctx context.Context, spec *Spec) ([]*storagepb.TableFieldSchema, error) {
	ctx, cancel := context.WithTimeout(ctx, s.settings.RequestTimeout)
	defer cancel()
	stream, err := s.write.GetWriteStream(ctx, &storagepb.GetWriteStreamRequest{
		Name: s.Path(spec.Dataset, spec.Table) + "/streams/_default",
		View: storagepb.WriteStreamView_FULL,
	}, gax.WithRetry(func() gax.Retryer { return nil })) // whose pauses are up to a minute
	return stream.GetTableSchema().GetFields(), err
}

// Path is the table's name in the Storage Write API.
func (s *Store) Path(dataset, table string) string {
	return managedwriter.TableParentFromParts(s.settings.Project, dataset, table)
}
