package wait

import (
	"context"
	"math/rand/v2"
	"time"
)

// Pauses between tries, before jitter of a half: what waits for BigQuery notices
// within five seconds that it answers again.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 3 * time.Second
)

// Pauses grow from one to the next; the zero value begins with the shortest.
type Pauses struct{ last time.Duration }

// next returns the pause that comes now, before jitter.
func (p *Pauses) next() time.Duration {
	p.last = min(max(2*p.last, firstPause), lastPause)
	return p.last
}

// Sleep pauses. It returns the context's cause if that ends first.
func (p *Pauses) Sleep(ctx context.Context) error {
	pause := p.next()
	t := time.NewTimer(pause/2 + rand.N(pause))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
