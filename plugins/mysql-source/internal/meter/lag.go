package meter

import "sync/atomic"

// lag is read by whoever collects the metrics.
type lag struct{ seen atomic.Int64 }

// seconds since the last event happened.
func (l *lag) seconds() float64 {
	seen := l.seen.Load()
	if seen == 0 {
		return 0
	}
	return max(0, float64(now()-seen)/1e6)
}
