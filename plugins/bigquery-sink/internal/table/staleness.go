package table

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
)

// keepStaleness sees that the table's max_staleness is the one that was asked
// for. The Tables API takes the option and drops it; only SQL sets it.
func (s *Store) keepStaleness(ctx context.Context, spec *Spec, meta *bigquery.TableMetadata) error {
	want := spec.MaxStaleness.Truncate(time.Second)
	if !spec.Upsert || want == 0 || staleness(meta) == want {
		return nil
	}
	if err := s.setStaleness(ctx, spec, want); err != nil {
		return fault.Explain(err)
	}
	meta, err := s.metadata(ctx, spec)
	if err != nil {
		return fault.Explain(err)
	}
	if have := staleness(meta); have != want {
		s.settings.Logger.Warn("BigQuery does not show the max_staleness that was set",
			"table", spec.String(), "max_staleness", want, "shown", have, "cure", "run "+setStaleness(s.sqlName(spec), want))
		return nil
	}
	s.settings.Logger.Info("set max_staleness", "table", spec.String(), "max_staleness", want)
	return nil
}

func (s *Store) setStaleness(ctx context.Context, spec *Spec, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, s.settings.RequestTimeout)
	defer cancel()
	if _, err := s.rest.Query(setStaleness(s.sqlName(spec), d)).Read(ctx); err != nil {
		return fmt.Errorf("set max_staleness: %w", err)
	}
	return nil
}

func setStaleness(table string, d time.Duration) string {
	n, unit := d/time.Second, "SECOND"
	if d%time.Minute == 0 {
		n, unit = d/time.Minute, "MINUTE"
	}
	return fmt.Sprintf("ALTER TABLE %s SET OPTIONS (max_staleness = INTERVAL %d %s)", table, n, unit)
}

// staleness is the table's max_staleness, zero if it has none.
func staleness(meta *bigquery.TableMetadata) time.Duration {
	if meta.MaxStaleness == nil {
		return 0
	}
	return meta.MaxStaleness.ToDuration()
}

// sqlName is the table's full name in SQL.
func (s *Store) sqlName(spec *Spec) string {
	return fmt.Sprintf("`%s`.`%s`.`%s`", s.settings.Project, spec.Dataset, spec.Table)
}
