package engine

import (
	"context"
	"time"
)

// ending divides stop_timeout among all that happens from the signal, or the
// failure, until the pipeline has ended.
type ending struct {
	// source is until when the source may stop by itself, drained until when what
	// is in flight may be delivered, flushed until when the plugins may let go. What
	// is left then is for killing them and for the last checkpoint.
	source, drained, flushed time.Time
}

const (
	longestFlush = 3 * time.Second
	longestLast  = 2 * time.Second
)

func newEnding(now time.Time, timeout time.Duration) ending {
	last := min(timeout/8, longestLast)
	flush := min(timeout/8, longestFlush)
	drain := timeout - last - flush
	return ending{source: now.Add(drain / 2), drained: now.Add(drain), flushed: now.Add(drain + flush)}
}

// flush is until when the plugins may let go now: they had their time for that
// where not everything is delivered.
func (e ending) flush(now time.Time, drained bool) time.Time {
	if drained {
		return e.flushed
	}
	early := now.Add(e.flushed.Sub(e.drained))
	if early.Before(e.flushed) {
		return early
	}
	return e.flushed
}

// until is a context that does not end with ctx: what ends a pipeline outlives the signal to stop.
func until(ctx context.Context, deadline time.Time) (context.Context, context.CancelFunc) {
	return context.WithDeadline(context.WithoutCancel(ctx), deadline)
}
