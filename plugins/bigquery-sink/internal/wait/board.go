// Package wait knows which tables wait for BigQuery, for what and since when, and
// how long to pause between tries.
package wait

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Board has all that is waited for. It is safe for concurrent use.
type Board struct {
	// Grace is how long a wait is nothing to speak of.
	Grace time.Duration
	// Cure says what a person can do about an error; empty for nothing.
	Cure func(error) string

	mu    sync.Mutex
	waits map[*Wait]struct{}
}

// Wait is one thing that one table waits for.
type Wait struct {
	board    *Board
	table    string
	since    time.Time
	what     string
	attempts int
	err      error
}

// Begin adds a wait: the table waits for BigQuery to do what. End ends it.
func (b *Board) Begin(table, what string, since time.Time) *Wait {
	w := &Wait{board: b, table: table, what: what, since: since}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waits == nil {
		b.waits = map[*Wait]struct{}{}
	}
	b.waits[w] = struct{}{}
	return w
}

// For says what is waited for now.
func (w *Wait) For(what string) {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	w.what = what
}

// Failed counts an attempt that failed.
func (w *Wait) Failed(err error) {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	w.attempts++
	w.err = err
}

// End takes the wait off the board.
func (w *Wait) End() {
	w.board.mu.Lock()
	defer w.board.mu.Unlock()
	delete(w.board.waits, w)
}

// Health returns an error with a line for each wait that is longer than Grace, the
// longest first, or nil if there is none.
func (b *Board) Health(now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var long []*Wait
	for w := range b.waits {
		if now.Sub(w.since) >= b.Grace {
			long = append(long, w)
		}
	}
	slices.SortFunc(long, func(x, y *Wait) int { return x.since.Compare(y.since) })
	var errs []error
	for _, w := range long {
		errs = append(errs, w.describe(now))
	}
	return errors.Join(errs...)
}

// describe says what is waited for. The board is locked.
func (w *Wait) describe(now time.Time) error {
	text := fmt.Errorf("table %s waits %v for BigQuery to %s", w.table, now.Sub(w.since).Round(time.Second), w.what)
	if w.err == nil {
		return text
	}
	text = fmt.Errorf("%w, %d attempts: %w", text, w.attempts, w.err)
	if cure := w.board.Cure(w.err); cure != "" {
		text = fmt.Errorf("%w: %s", text, cure)
	}
	return text
}
