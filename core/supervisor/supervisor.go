// Package supervisor decides whether and when a plugin that has ended is started
// again. An outage of another system is waited for without end; crashes have a
// budget. It is pure: time and chance are handed in.
package supervisor

import (
	"errors"
	"fmt"
	"time"
)

// ErrBudget means that a plugin ended too often to be tried again.
var ErrBudget = errors.New("plugin ended too often")

const (
	// longestOutage is the longest pause in an outage. With the start of a process
	// it leaves less than 5 s until the plugin is back once the other side is.
	longestOutage = 4 * time.Second
	// settled is how long a plugin is open until an outage is over, if there was
	// nothing to get on with.
	settled = time.Minute
)

// Kind says what ended a plugin.
type Kind int

// The kinds of end.
const (
	// Crash is all that nobody has marked: a dead or hung process, an error.
	Crash Kind = iota
	// Outage means that another system is away or busy.
	Outage
	// Mend means that a person has to do something first.
	Mend
)

// End is how a process of the plugin ended.
type End struct {
	At    time.Time
	Kind  Kind
	Cause error
	// Open is how long it was open, and Progress whether it got on meanwhile.
	Open     time.Duration
	Progress bool
	// Jitter is in [0, 1).
	Jitter float64
}

// Restart is when the plugin is started again.
type Restart struct {
	Delay time.Duration
	// Attempt counts the restarts that have led nowhere, since Since.
	Attempt int
	Since   time.Time
	// Quiet spares the log a line of many: of an outage it gets the 1st, 2nd, 4th,
	// 8th attempt and so on.
	Quiet bool
}

// Policy says how often and how soon a plugin is started again.
type Policy struct {
	// Max restarts within Window after a crash without progress; one more is
	// ErrBudget.
	Max    int
	Window time.Duration
	// Initial delay; it doubles with each restart, after crashes up to Longest.
	Initial, Longest time.Duration
}

// Supervisor of one plugin. The zero value with a Policy is ready.
type Supervisor struct {
	Policy  Policy
	crashes []time.Time
	outages int
	since   time.Time // of the outage
}

// Ended is told that the plugin ended. It returns when to start it again, or why
// it must not be.
func (s *Supervisor) Ended(e End) (Restart, error) {
	if e.Progress {
		s.crashes = nil
	}
	if e.Progress || e.Open >= settled {
		s.outages = 0
	}
	switch e.Kind {
	case Mend:
		return Restart{}, e.Cause
	case Outage:
		return s.outage(e), nil
	}
	return s.crash(e)
}

func (s *Supervisor) outage(e End) Restart {
	if s.outages == 0 {
		s.since = e.At
	}
	s.outages++
	return Restart{
		Delay:   delay(s.Policy.Initial, longestOutage, s.outages, e.Jitter),
		Attempt: s.outages, Since: s.since, Quiet: s.outages&(s.outages-1) != 0,
	}
}

func (s *Supervisor) crash(e End) (Restart, error) {
	s.forget(e.At)
	if n := len(s.crashes); n >= s.Policy.Max {
		return Restart{}, fmt.Errorf("%w: %d restarts without progress within %v, last: %w", ErrBudget, n, s.Policy.Window, e.Cause)
	}
	s.crashes = append(s.crashes, e.At)
	return Restart{
		Delay:   delay(s.Policy.Initial, s.Policy.Longest, len(s.crashes), e.Jitter),
		Attempt: len(s.crashes), Since: s.crashes[0],
	}, nil
}

// forget drops the crashes that the window has left behind.
func (s *Supervisor) forget(now time.Time) {
	for len(s.crashes) > 0 && now.Sub(s.crashes[0]) > s.Policy.Window {
		s.crashes = s.crashes[1:]
	}
}

// delay is between half and all of what doubling gives, so that plugins that
// ended together do not come back together.
func delay(initial, longest time.Duration, attempt int, jitter float64) time.Duration {
	d := min(initial, longest)
	for range attempt - 1 {
		if d *= 2; d >= longest {
			d = longest
			break
		}
	}
	return d/2 + time.Duration(jitter*float64(d/2))
}
