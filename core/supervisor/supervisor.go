// Package supervisor decides whether and when a plugin that has ended is started
// again: with a delay that doubles, some jitter, and a budget. It is pure: time
// and chance are handed in.
package supervisor

import (
	"errors"
	"fmt"
	"time"
)

// ErrBudget means that a plugin ended too often to be tried again.
var ErrBudget = errors.New("plugin ended too often")

// Policy says how often and how soon a plugin is started again.
type Policy struct {
	// Max restarts within Window; more stop the pipeline.
	Max    int
	Window time.Duration
	// Initial delay; it doubles with each restart in the window up to Longest.
	Initial, Longest time.Duration
}

// Supervisor of one plugin. The zero value with a Policy is ready.
type Supervisor struct {
	Policy   Policy
	restarts []time.Time
}

// Ended is told that the plugin ended at now, by cause. It returns how long to
// wait before the next start, or why there is none. jitter is in [0, 1).
func (s *Supervisor) Ended(now time.Time, cause error, permanent bool, jitter float64) (time.Duration, error) {
	if permanent {
		return 0, cause
	}
	s.forget(now)
	if len(s.restarts) >= s.Policy.Max {
		return 0, fmt.Errorf("%w: %d restarts within %v, last: %w", ErrBudget, len(s.restarts), s.Policy.Window, cause)
	}
	s.restarts = append(s.restarts, now)
	return s.delay(jitter), nil
}

// forget drops the restarts that the window has left behind.
func (s *Supervisor) forget(now time.Time) {
	for len(s.restarts) > 0 && now.Sub(s.restarts[0]) > s.Policy.Window {
		s.restarts = s.restarts[1:]
	}
}

// delay is between half and all of what doubling gives, so that plugins that
// ended together do not come back together.
func (s *Supervisor) delay(jitter float64) time.Duration {
	d := s.Policy.Initial
	for range len(s.restarts) - 1 {
		if d *= 2; d >= s.Policy.Longest {
			d = s.Policy.Longest
			break
		}
	}
	return d/2 + time.Duration(jitter*float64(d/2))
}
