package engine

import (
	"fmt"
	"time"
)

// waits is what keeps a plugin from doing its work, and since when.
type waits struct {
	// phase of the start; empty once it is open.
	phase string
	// trouble is what ended the process before, attempts how often it was started
	// again since.
	trouble  string
	attempts int
	// detail is what the open plugin says itself.
	detail string
	since  time.Time
}

func (w *waits) text() string {
	switch {
	case w.phase == "" && w.trouble == "":
		return w.detail
	case w.trouble == "":
		return w.phase
	case w.phase == "":
		return w.trouble + restarts(w.attempts)
	}
	return w.trouble + restarts(w.attempts) + "; " + w.phase
}

// say is what follows once the open plugin says something else. Words that change, as
// by a count of attempts, tell of the same trouble: it is as old as it was.
func (w *waits) say(detail string, now time.Time) waits {
	if detail != "" && w.text() != "" {
		now = w.since
	}
	return waits{detail: detail, since: now}
}

func restarts(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (attempt %d)", n)
}

// enter begins a phase of the start. While there is trouble, its time counts.
func (k *keeper) enter(phase string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waits.phase = phase
	if k.waits.trouble == "" {
		k.waits.since = time.Now()
	}
}
