// Package health keeps what a source waits for, and since when, for those who
// ask whether it is ready. It decides nothing: who waits says so.
package health

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/leat-io/leat/sdk"
)

// Health is what a source waits for. It may be used from any goroutine; a nil one
// keeps nothing.
type Health struct {
	mu    sync.Mutex
	what  string
	why   error
	since time.Time
	notes map[string]note // by subject
	now   func() time.Time
}

// note is a notice that is true for some time only.
type note struct {
	sdk.Notice
	until time.Time
}

// New returns the health of a source that waits for nothing.
func New() *Health { return &Health{notes: map[string]note{}, now: time.Now} }

// Wait says that the source waits, as in "not connected to MySQL db:3306", and
// why, nil where what says it all. To say the same again only renews the reason:
// the time goes on.
func (h *Health) Wait(what string, why error) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.what != what {
		h.what, h.since = what, h.now()
	}
	h.why = why
}

// Ready says that the source waits for nothing any more.
func (h *Health) Ready() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.what, h.why = "", nil
}

// Err is what the source waits for and how long it has, nil if it does not wait.
func (h *Health) Err() error {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.what == "" {
		return nil
	}
	text := h.what + " for " + h.now().Sub(h.since).Round(time.Second).String()
	if h.why == nil {
		return errors.New(text)
	}
	return fmt.Errorf("%s: %w", text, h.why)
}

// Note tells of something that goes on although the source reads, until it has
// not been said again for a while.
func (h *Health) Note(subject, message, cure string, while time.Duration) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n := note{sdk.Notice{Subject: subject, Message: message, Cure: cure, Since: h.now().UTC()}, h.now().Add(while)}
	if old, ok := h.notes[subject]; ok && h.now().Before(old.until) {
		n.Since = old.Since
	}
	h.notes[subject] = n
}

// Notices returns those that are still true.
func (h *Health) Notices() []sdk.Notice {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []sdk.Notice
	for _, subject := range slices.Sorted(maps.Keys(h.notes)) {
		if n := h.notes[subject]; h.now().Before(n.until) {
			out = append(out, n.Notice)
		}
	}
	return out
}
