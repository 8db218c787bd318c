package plugin

import "time"

// What a plugin may log: so many lines at once, and so many a second after that.
// Errors may go on into a reserve of their own.
const (
	lineBurst, linesPerSecond   = 500, 100
	errorBurst, errorsPerSecond = 100, 10
	// lineUnit is what counts as one line; a longer one counts as several.
	lineUnit = 1 << 10
)

// rate says which lines of a plugin are logged. The zero value is full.
type rate struct {
	lines, errors bucket
}

func (r *rate) take(now time.Time, isError bool, size int) bool {
	cost := float64(1 + size/lineUnit)
	if r.lines.take(now, cost, lineBurst, linesPerSecond) {
		return true
	}
	return isError && r.errors.take(now, cost, errorBurst, errorsPerSecond)
}

// bucket is a token bucket.
type bucket struct {
	spent float64
	at    time.Time
}

// take takes cost out of the bucket if it is not empty; what is taken too much is
// made up for later.
func (b *bucket) take(now time.Time, cost, burst, perSecond float64) bool {
	b.spent = max(0, b.spent-now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.spent >= burst {
		return false
	}
	b.spent += cost
	return true
}
