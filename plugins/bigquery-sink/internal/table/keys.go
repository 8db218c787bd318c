package table

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/iterator"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

// keyPage is how many keys are read at once.
const keyPage = 10_000

// Keys calls yield with the key of each row that the table has, all that was
// acknowledged before included, and stops at its first error.
func (s *Store) Keys(ctx context.Context, spec *Spec, keys []schema.Column, yield func([]bigquery.Value) error) (err error) {
	restore, err := s.freshen(ctx, spec)
	if err != nil {
		return fault.Explain(fmt.Errorf("table %v: %w", spec, err))
	}
	defer func() { err = errors.Join(err, restore()) }()
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = "`" + keys[i].Name + "`"
	}
	q := s.rest.Query(fmt.Sprintf("SELECT %s FROM %s", strings.Join(names, ", "), s.sqlName(spec)))
	q.DisableQueryCache = true
	it, err := q.Read(ctx)
	if err != nil {
		return fault.Explain(fmt.Errorf("table %v: read keys: %w", spec, err))
	}
	it.PageInfo().MaxSize = keyPage
	for {
		var key []bigquery.Value
		switch err := it.Next(&key); {
		case errors.Is(err, iterator.Done):
			return nil
		case err != nil:
			return fault.Explain(fmt.Errorf("table %v: read keys: %w", spec, err))
		}
		if err := yield(key); err != nil {
			return err
		}
	}
}

// freshen has queries see all rows: with max_staleness they may miss the newest.
// What it returns sets the option as it was.
func (s *Store) freshen(ctx context.Context, spec *Spec) (restore func() error, err error) {
	meta, err := s.metadata(ctx, spec)
	if err != nil {
		return nil, err
	}
	had := staleness(meta)
	if had == 0 {
		return func() error { return nil }, nil
	}
	s.settings.Logger.Info("set max_staleness to 0 for a while, so that the keys of all rows can be read", "table", spec.String(), "restored_by", setStaleness(s.sqlName(spec), had))
	if err := s.setStaleness(ctx, spec, 0); err != nil {
		return nil, err
	}
	return func() error {
		// The option outlives the context: it must not stay as it is now.
		if err := s.setStaleness(context.WithoutCancel(ctx), spec, had); err != nil {
			return fault.Explain(fmt.Errorf("table %v: restore max_staleness of %v: %w", spec, had, err))
		}
		return nil
	}, nil
}
