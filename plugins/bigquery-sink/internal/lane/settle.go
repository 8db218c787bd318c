package lane

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/wait"
	"github.com/leat-io/leat/sdk"
)

// maxStalls is how often a request may have no answer before all connections
// are made anew, by starting the sink anew: a client does not leave a connection
// that is open and silent.
const maxStalls = 1

// lookTimeout bounds the question why there is no answer.
const lookTimeout = 5 * time.Second

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
	w := l.settings.Waits.Begin(l.name, fmt.Sprintf("answer an append of %d rows", len(r.rows)), r.started)
	defer w.End()
	var pauses wait.Pauses
	for {
		refused, err := r.wait()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		cause, err := l.judge(ctx, r, refused, err)
		if err != nil || len(r.rows) == 0 {
			return err
		}
		if cause != nil {
			l.again(w, r, cause)
			if err := pauses.Sleep(ctx); err != nil {
				return err
			}
		}
		r.send(ctx, l.settings.RequestTimeout)
	}
}

// judge returns nil if the request is to be sent again: after a pause if there is
// a cause that has to pass, else at once without the rows that are refused.
func (l *Lane) judge(ctx context.Context, r *request, refused map[int]string, failed error) (cause, err error) {
	if len(refused) == 0 {
		return failed, l.consider(ctx, r, failed)
	}
	for i, reason := range refused {
		if fault.LateRow(reason) && r.isLate(l.settings.SchemaTimeout) {
			return fmt.Errorf("row %d: %s: %w", i, reason, failed), nil
		}
	}
	return nil, l.refuseRows(r, refused)
}

// again tells that the request is tried again.
func (l *Lane) again(w *wait.Wait, r *request, cause error) {
	_, code := fault.Of(cause)
	l.settings.Metrics.Retries.WithLabelValues(code).Inc()
	w.For(fmt.Sprintf("take %d rows", len(r.rows)))
	w.Failed(cause)
	l.settings.Logger.Warn("append failed, trying again", "table", l.name, "rows", len(r.rows), "attempt", r.attempts, "error", cause)
}

// consider returns nil if the request is to be tried again.
func (l *Lane) consider(ctx context.Context, r *request, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		if r.stalls++; r.stalls > maxStalls {
			return sdk.Transient(l.silence(ctx, r, err))
		}
	}
	about := fmt.Errorf("append %d rows to table %s, %d attempts in %v: %w", len(r.rows), l.name, r.attempts, time.Since(r.started).Round(time.Millisecond), err)
	switch kind, _ := fault.Of(err); kind {
	case fault.Passing:
		if time.Since(r.started) < l.settings.AnewTimeout {
			return nil
		}
	case fault.Late:
		if why := r.route.Why(ctx, err); why != nil {
			return why
		}
		if r.isLate(l.settings.SchemaTimeout) {
			return nil
		}
		return sdk.Transient(fmt.Errorf("%w: BigQuery did not show the table as it is to writers within schema_timeout of %v", about, l.settings.SchemaTimeout))
	}
	return fault.Explain(about)
}

// silence says that there was no answer, and what the service says to another
// request: a client that cannot connect keeps the reason to itself.
func (l *Lane) silence(ctx context.Context, r *request, err error) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	err = fmt.Errorf("append %d rows to table %s: no answer within request_timeout, %d times: %w", len(r.rows), l.name, r.stalls, err)
	if reason := r.route.Look(ctx); reason != nil {
		err = fmt.Errorf("%w: nor can its stream be looked at: %w", err, reason)
	}
	return err
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
		l.settings.Logger.Debug("key of a row that is not taken", "table", l.name, "key", f.Key, "column", f.Column)
		if l.settings.SkipRows {
			l.settings.Logger.Error("left out a row", "table", l.name, "error", f)
			return nil
		}
		return sdk.Permanent(fmt.Errorf("%w; or set on_row_error to skip, which leaves such rows out", err))
	}
	return sdk.Permanent(err)
}
