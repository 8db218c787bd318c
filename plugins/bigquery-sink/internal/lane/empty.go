package lane

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/sdk"
)

const (
	// emptyRequest bounds the requests of deletes, whose memory no batch stands for.
	emptyRequest = 1 << 20
	// progress is how often a long deletion tells how far it is.
	progress = 10 * time.Second
)

// empty deletes all rows that the table has, at the truncation's place in the
// order of changes: rows that came after it, and are there already as this is a
// repetition, stay, and rows of before do not come back. The batch is held until
// the deletes are durable.
func (l *Lane) empty(ctx context.Context, route *Route, b *Batch, m *row.Message) error {
	l.flush(ctx)
	if err := l.drain(ctx); err != nil {
		return err
	}
	log := l.settings.Logger.With("table", l.name)
	log.Info("the table was truncated in the source: deleting its rows")
	rows, told := 0, time.Now()
	err := route.Keys(ctx, func(key []bigquery.Value) error {
		if rows++; time.Since(told) > progress {
			told = time.Now()
			log.Info("deleting the rows of a truncated table", "rows", rows)
		}
		return l.remove(ctx, route, b, m, key)
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("empty it, as it was truncated in the source: %w", err)
	}
	l.flush(ctx)
	l.settings.Metrics.Emptied.Add(float64(rows))
	log.Info("deleted the rows of a truncated table", "rows", rows)
	return nil
}

// remove adds the delete of a row.
func (l *Lane) remove(ctx context.Context, route *Route, b *Batch, m *row.Message, key []bigquery.Value) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if l.current != nil && len(l.current.data) > min(emptyRequest, l.settings.MaxRequest/2) {
		l.flush(ctx)
	}
	before := l.begin(ctx, route)
	data, err := route.Plan.AppendDelete(l.current.data, key, &m.Order)
	if err != nil {
		return sdk.Permanent(err)
	}
	l.current.data = data
	return l.put(ctx, route, b, m, before)
}

// drain returns when all that was sent is acknowledged.
func (l *Lane) drain(ctx context.Context) error {
	passed := make(chan struct{})
	l.sent <- &request{passed: passed}
	<-passed // what came before it ends, by the context if not otherwise
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
