package lane

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/sdk"
)

// Pauses between attempts, before jitter.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 10 * time.Second
)

// maxStalls is how often a request may have no answer before all connections
// are made anew, by starting the sink anew: a client does not leave a connection
// that is open and silent.
const maxStalls = 1

// settle waits for what was sent, in that order, and tries again what failed.
func (l *Lane) settle(ctx context.Context) {
	defer close(l.done)
	for r := range l.sent {
		if r.passed != nil {
			close(r.passed)
			continue
		}
		err := l.finish(ctx, r)
		if err != nil {
			l.settings.Fail(err)
			r.release(err)
			continue
		}
		m := l.settings.Metrics
		m.Appends.Inc()
		m.Rows.Add(float64(len(r.rows)))
		m.Bytes.Add(float64(r.bytes()))
		m.Latency.Observe(time.Since(r.started).Seconds())
		r.release(nil)
		if r.attempts == 1 { // else the client may still have the rows of an earlier attempt
			r.recycle()
		}
	}
}

// finish returns when the request is acknowledged, or given up.
func (l *Lane) finish(ctx context.Context, r *request) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		refused, err := r.wait()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(refused) > 0 {
			if err := l.refuseRows(r, refused); err != nil || len(r.rows) == 0 {
				return err
			}
			r.send(ctx, l.settings.RequestTimeout)
			continue
		}
		if err := l.consider(r, err); err != nil {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		r.send(ctx, l.settings.RequestTimeout)
	}
}

// consider returns nil if the request is to be tried again.
func (l *Lane) consider(r *request, err error) error {
	kind, code := fault.Of(err)
	elapsed := time.Since(r.started)
	if errors.Is(err, context.DeadlineExceeded) {
		if r.stalls++; r.stalls > maxStalls {
			return sdk.Transient(fmt.Errorf("append %d rows to table %s: no answer within request_timeout, %d times: %w", len(r.rows), l.name, r.stalls, err))
		}
	}
	if kind != fault.Lasting && elapsed < l.settings.RetryTimeout {
		l.settings.Metrics.Retries.WithLabelValues(code).Inc()
		l.settings.Logger.Warn("append failed, trying again", "table", l.name, "rows", len(r.rows), "attempt", r.attempts, "error", err)
		return nil
	}
	if status.Code(err) == codes.InvalidArgument && kind == fault.Lasting {
		return fault.Explain(fmt.Errorf("append %d rows to table %s: %w", len(r.rows), l.name, err))
	}
	return fault.Explain(fmt.Errorf("append %d rows to table %s, %d attempts in %v: %w", len(r.rows), l.name, r.attempts, elapsed.Round(time.Millisecond), err))
}

func sleep(ctx context.Context, pause time.Duration) error {
	t := time.NewTimer(pause/2 + rand.N(pause))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// refuseRows deals with rows that BigQuery does not take. None of the request
// was written.
func (l *Lane) refuseRows(r *request, refused map[int]string) error {
	var err error
	for i, reason := range refused {
		if i < 0 || i >= len(r.rows) {
			return sdk.Permanent(fmt.Errorf("append to table %s: BigQuery refuses row %d of %d: %s", l.name, i, len(r.rows), reason))
		}
		if err = l.refuse(&row.Fault{Key: r.route.Plan.KeyText(r.keys[i]), Reason: reason}); err != nil {
			return fmt.Errorf("table %s: %w", l.name, err)
		}
	}
	r.without(refused)
	return nil
}

// refuse decides about a message that makes no row: nil leaves it out.
func (l *Lane) refuse(err error) error {
	var f *row.Fault
	switch {
	case errors.Is(err, row.ErrTruncate) && l.settings.IgnoreTruncate:
		l.settings.Metrics.Skipped.Inc()
		l.settings.Logger.Warn("left out a truncation", "table", l.name)
		return nil
	case errors.As(err, &f):
		l.settings.Metrics.RowErrors.Inc()
		if l.settings.SkipRows {
			l.settings.Logger.Error("left out a row", "table", l.name, "error", f)
			return nil
		}
		return sdk.Permanent(fmt.Errorf("%w; or set on_row_error to skip, which leaves such rows out", err))
	}
	return sdk.Permanent(err)
}
