package registry

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const repeatLog = 30 * time.Second

// outage remembers that the registry is down and says so: at once, every half
// minute, and when it is over.
type outage struct {
	log *slog.Logger
	up  prometheus.Gauge

	mu      sync.Mutex
	subject string
	err     error
	since   time.Time
	logged  time.Time
}

func (o *outage) begin(subject string, err error, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.since = now
		o.up.Set(0)
	}
	if o.err == nil || now.Sub(o.logged) >= repeatLog {
		o.logged = now
		o.log.Warn("registry does not answer: waiting", "subject", subject, "since", o.since, "error", err)
	}
	o.subject, o.err = subject, err
}

func (o *outage) end(now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		o.log.Info("registry answers again", "after", now.Sub(o.since).Round(time.Millisecond))
	}
	o.err = nil
	o.up.Set(1)
}

func (o *outage) health() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		return nil
	}
	return fmt.Errorf("waiting for the schema registry since %s, subject %q: %w", o.since.UTC().Format(time.RFC3339), o.subject, o.err)
}
