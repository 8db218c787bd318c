package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/leat-io/leat/e2e/bench/internal/broker"
	"github.com/leat-io/leat/e2e/bench/internal/contender"
	"github.com/leat-io/leat/e2e/bench/internal/load"
	"github.com/leat-io/leat/e2e/bench/internal/proc"
	"github.com/leat-io/leat/e2e/bench/internal/result"
)

// warmUp is how long rows are written before those that count: a Java machine gets
// faster while it runs.
const warmUp = 15 * time.Second

// Latency writes single rows at a rate for a while, to a contender that captures
// already, and notes for each how long after its statement was sent a consumer saw it.
func (b *Bench) Latency(ctx context.Context, c contender.Contender, w *load.Workload, rate int, duration time.Duration) (*result.Sample, error) {
	t, err := b.task(w, c.Name(), "")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.Prepare(ctx, b.Lab.MySQL), b.clear(ctx, c, w)); err != nil {
		return nil, err
	}
	watch, err := b.Broker.Watch(ctx, topic(c, w))
	if err != nil {
		return nil, err
	}
	defer watch.Close()
	started := time.Now()
	run, err := c.Start(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("measure %s of %s: %w", w.Name, c.Name(), err)
	}
	l := &latency{bench: b, workload: w, run: run, watch: watch, started: started, meter: proc.NewMeter(run.Pid())}
	sample, err := l.measure(ctx, rate, duration)
	if err == nil {
		err = b.version(ctx, c, run)
	}
	if err = errors.Join(err, run.Stop(ctx)); err != nil {
		return nil, failed(c, w, run, err)
	}
	sample.Contender = c.Name()
	return sample, b.Broker.Clear(ctx, topics(c))
}

// latency is one measurement of it.
type latency struct {
	bench    *Bench
	workload *load.Workload
	run      contender.Run
	watch    *broker.Watch
	meter    *proc.Meter
	started  time.Time
}

func (l *latency) measure(ctx context.Context, rate int, duration time.Duration) (*result.Sample, error) {
	writer, err := load.NewWriter(ctx, l.bench.Lab.MySQL, l.workload)
	if err != nil {
		return nil, err
	}
	defer writer.Close()
	mark := func() error { return writer.Write(ctx, 1, 1) }
	arrived := func() (bool, error) { n, err := l.watch.Len(); return n > 0, err }
	if err := l.bench.until(ctx, l.run, mark, arrived); err != nil {
		return nil, err
	}
	captures, before := time.Now(), len(writer.Sent())
	if err := writer.Write(ctx, rate, int(warmUp.Seconds()*float64(rate))); err != nil {
		return nil, err
	}
	// What could not keep pace yet must not wait in the way of what counts.
	if _, err := l.collect(ctx, writer.Sent(), before); err != nil {
		return nil, err
	}
	from := len(writer.Sent())
	first, err := l.meter.Read()
	if err != nil {
		return nil, err
	}
	if err := writer.Write(ctx, rate, int(duration.Seconds()*float64(rate))); err != nil {
		return nil, err
	}
	last, err := l.meter.Read()
	if err != nil {
		return nil, err
	}
	all, err := l.collect(ctx, writer.Sent(), from)
	if err != nil {
		return nil, err
	}
	return &result.Sample{
		Start: captures.Sub(l.started).Seconds(), StartCPU: first.CPU.Seconds(), Elapsed: last.At.Sub(first.At).Seconds(),
		CPU: (last.CPU - first.CPU).Seconds(), ByProcess: seconds(last.Since(first)), Peak: l.meter.Peak(), PeakByProcess: l.meter.PeakByName(),
		Records: int64(len(all)), Latency: quantiles(all),
	}, nil
}

// collect waits until all rows have been seen, and returns the latencies of those
// from an index on, in milliseconds.
func (l *latency) collect(ctx context.Context, sent []time.Time, from int) ([]float64, error) {
	for deadline := time.Now().Add(stall); ; {
		n, err := l.watch.Len()
		if err != nil {
			return nil, err
		}
		if l.seenAll(sent[from:], from) {
			break
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("%w: %d of %d, and the rest not within %v", ErrCount, n, len(sent), stall)
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
	var out []float64
	for i, at := range sent[from:] {
		seen, _ := l.watch.Seen(int64(from + i))
		out = append(out, seen.Sub(at).Seconds()*1e3)
	}
	return out, nil
}

func (l *latency) seenAll(sent []time.Time, from int) bool {
	for i := range slices.Backward(sent) { // the last ones come last
		if _, ok := l.watch.Seen(int64(from + i)); !ok {
			return false
		}
	}
	return true
}

func quantiles(values []float64) *result.Latency {
	slices.Sort(values)
	return &result.Latency{
		P50: result.Quantile(values, 0.5), P99: result.Quantile(values, 0.99), Max: result.Quantile(values, 1),
	}
}
