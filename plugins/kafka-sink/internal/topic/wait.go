package topic

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

const (
	// quiet is how long a wait is not worth a warning: a new topic is not known to
	// each broker at once, and has no leaders for a moment.
	quiet = 5 * time.Second
	// stalledAfter is how long brokers may take to answer before it is told.
	stalledAfter = 10 * time.Second
	// repeatWarning is how often one wait is told.
	repeatWarning = 30 * time.Second
)

// wait remembers what is waited for, and says so.
type wait struct {
	logger *slog.Logger

	mu     sync.Mutex
	topic  string // empty when nothing is waited for
	what   string // cannot be done yet
	since  time.Time
	err    error // the last answer, nil before the first
	warned time.Time
}

func (w *wait) begin(topic, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.topic, w.what, w.since, w.err, w.warned = topic, what, time.Now(), nil, time.Time{}
}

// refused notes why the wait goes on.
func (w *wait) refused(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
	now := time.Now()
	if now.Sub(w.since) < quiet || now.Sub(w.warned) < repeatWarning {
		w.logger.Debug("waiting for a topic", "topic", w.topic, "since", w.since, "error", err)
		return
	}
	w.warned = now
	w.logger.Warn("topic cannot be "+w.what+" yet, trying again until it can", "topic", w.topic, "since", w.since, "error", fault.Text(err))
}

func (w *wait) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.warned.IsZero() {
		w.logger.Info("the wait for the topic is over", "topic", w.topic, "after", time.Since(w.since).Round(time.Millisecond))
	}
	w.topic = ""
}

func (w *wait) health(now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := w.since.Format(time.RFC3339)
	switch {
	case w.topic == "":
		return nil
	case w.err != nil:
		return fmt.Errorf("topic %q cannot be %s yet, since %s: %s", w.topic, w.what, since, fault.Text(w.err))
	case now.Sub(w.since) >= stalledAfter:
		return fmt.Errorf("topic %q cannot be %s yet: the brokers have not answered for %v, since %s",
			w.topic, w.what, now.Sub(w.since).Round(time.Second), since)
	}
	return nil
}
