package meter

import "sync/atomic"

// lag is read by whoever collects the metrics.
type lag struct {
	seen     atomic.Int64 // when the last event happened; 0 while there is nothing more
	caughtUp atomic.Int64 // when there was nothing more
}

// seconds since the last event happened.
func (l *lag) seconds() float64 {
	seen := l.seen.Load()
	if seen == 0 {
		return 0
	}
	return max(0, float64(now()-seen)/1e6)
}
