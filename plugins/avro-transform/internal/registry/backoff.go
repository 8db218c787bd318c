package registry

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	minBackoff = 250 * time.Millisecond
	maxBackoff = 4 * time.Second
	// maxRetryAfter is how long a registry may have itself left in peace.
	maxRetryAfter = 30 * time.Second
)

// backoff doubles with each attempt and has jitter over its upper half, so that
// many pipelines do not return to the registry at once.
func backoff(attempt int) time.Duration {
	d := maxBackoff
	if attempt < 4 {
		d = min(minBackoff<<attempt, maxBackoff)
	}
	return d/2 + rand.N(d/2)
}

// sleep returns early with the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
