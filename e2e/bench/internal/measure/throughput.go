package measure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/leat-io/leat/e2e/bench/internal/contender"
	"github.com/leat-io/leat/e2e/bench/internal/load"
	"github.com/leat-io/leat/e2e/bench/internal/proc"
	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// ErrCount means that other than the expected number of records has arrived.
var ErrCount = errors.New("wrong number of records")

// Throughput runs a contender from its start until all records have arrived.
func (b *Bench) Throughput(ctx context.Context, c contender.Contender, w *load.Workload) (*result.Sample, error) {
	from := ""
	if !w.Snapshot {
		from = primed(c)
	}
	t, err := b.task(w, c.Name(), from)
	if err != nil {
		return nil, err
	}
	if err := b.clear(ctx, c, w); err != nil {
		return nil, err
	}
	started := time.Now()
	run, err := c.Start(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("measure %s of %s: %w", w.Name, c.Name(), err)
	}
	count := func() (int64, error) { return b.Broker.Count(ctx, topic(c, w)) }
	sample, err := follow(ctx, count, w.Records, run, started)
	if err == nil {
		err = b.version(ctx, c, run)
	}
	if err = errors.Join(err, run.Stop(ctx)); err != nil {
		return nil, failed(c, w, run, err)
	}
	sample.Contender = c.Name()
	return sample, b.Broker.Clear(ctx, topics(c))
}

// follow counts until all records are there, and a while longer.
func follow(ctx context.Context, count func() (int64, error), want int64, run contender.Run, started time.Time) (*result.Sample, error) {
	meter := proc.NewMeter(run.Pid())
	first, err := meter.Read()
	if err != nil {
		return nil, err
	}
	last, seen, progress := first, int64(0), time.Now()
	for seen < want {
		if err := pause(ctx); err != nil {
			return nil, err
		}
		n, err := count()
		if err != nil {
			return nil, err
		}
		if last, err = meter.Read(); err != nil {
			return nil, err
		}
		if n == 0 {
			first = last // the last moment without a record is where the first one begins
		}
		if n > seen {
			seen, progress = n, last.At
		} else if err := stalled(ctx, run, seen, want, last.At.Sub(progress)); err != nil {
			return nil, err
		}
	}
	if seen, err = extra(ctx, count); err != nil || seen != want {
		return nil, errors.Join(err, fmt.Errorf("%w: %d of %d", ErrCount, seen, want))
	}
	return &result.Sample{
		Start: first.At.Sub(started).Seconds(), StartCPU: first.CPU.Seconds(),
		Elapsed: last.At.Sub(first.At).Seconds(), CPU: (last.CPU - first.CPU).Seconds(),
		ByProcess: seconds(last.Since(proc.Reading{})), Peak: meter.Peak(), PeakByProcess: meter.PeakByName(), Records: want,
	}, nil
}

// stalled returns an error if nothing has come for too long, and asks for the reason
// before that, but not all the time.
func stalled(ctx context.Context, run contender.Run, seen, want int64, idle time.Duration) error {
	if idle > stall {
		return fmt.Errorf("%w: %d of %d, and none for %v", ErrCount, seen, want, stall)
	}
	const ask = 10 * time.Second
	if idle > ask && idle%ask < pollEvery {
		return run.Failure(ctx)
	}
	return nil
}

// extra counts once more after a while in which nothing should come.
func extra(ctx context.Context, count func() (int64, error)) (int64, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(settle):
		return count()
	}
}
