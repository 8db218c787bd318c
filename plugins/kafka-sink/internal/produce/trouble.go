package produce

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

// Patience says how long a partition is waited for that a person may have to
// mend, and when a wait is told. What passes by itself is waited for without end.
type Patience struct {
	// Access is for a login or certificate that is refused after it was good:
	// credentials that are being changed are not everywhere at once.
	Access time.Duration
	// Gone is for a topic that there is none of any more. The sink's next start
	// then makes it again, or says that it is missing.
	Gone time.Duration
	// Quiet is how long any other trouble is not worth a warning: topics that were
	// just made and leaders that move are refused for a moment.
	Quiet time.Duration
	// Stalled is how long a produce request may have no answer before it is told.
	// Followers that are slow take up to request_timeout.
	Stalled time.Duration
}

// DefaultPatience has Kubernetes bring a changed secret to a pod, which takes up
// to two minutes.
var DefaultPatience = Patience{Access: 5 * time.Minute, Gone: 10 * time.Second, Quiet: 5 * time.Second, Stalled: 10 * time.Second}

// repeatWarning is how often one trouble is told.
const repeatWarning = 30 * time.Second

// trouble is what a partition refuses with; it is zero while it takes records.
type trouble struct {
	attempts int
	since    time.Time
	// alike is since when it has refused for the same reason.
	alike time.Time
	// due is when to try next.
	due   time.Time
	cause error
}

// patient says whether the partition is tried again after err. p.mu is held.
func (p *Producer) patient(part *partition, err error) bool {
	var waited time.Duration
	if t := part.trouble; t.attempts > 0 && fault.Code(t.cause) == fault.Code(err) {
		waited = time.Since(t.alike)
	}
	switch {
	case errors.Is(err, sarama.ErrUnknownTopicOrPartition):
		return waited < p.settings.Patience.Gone
	case fault.Access(err):
		return waited < p.settings.Patience.Access
	}
	return fault.Retriable(err)
}

// retry has the partition's leader looked up anew after a while. since is when what
// has failed began: an answer that did not come was waited for long. p.mu is held.
func (p *Producer) retry(part *partition, err error, since time.Time) {
	now := time.Now()
	t := &part.trouble
	if t.attempts == 0 {
		t.since = since
		p.refusing++
	}
	if t.attempts == 0 || fault.Code(t.cause) != fault.Code(err) {
		t.alike = now
	}
	t.attempts++
	t.cause = err
	t.due = now.Add(p.backoff(t.attempts))
	p.settings.Metrics.retries.WithLabelValues(fault.Code(err)).Inc()
	p.warn(part, now)
	p.lose(part)
}

// backoff doubles with each attempt, and has jitter over its upper half so that
// partitions and pipelines do not all return at once.
func (p *Producer) backoff(attempts int) time.Duration {
	d := min(p.settings.BackoffMin<<min(attempts-1, 16), p.settings.BackoffMax)
	return d/2 + rand.N(d/2+1)
}

// warn tells of trouble once it has lasted, for all partitions together. p.mu is held.
func (p *Producer) warn(part *partition, now time.Time) {
	t := part.trouble
	l := p.settings.Logger.With("topic", part.topic, "partition", part.id, "attempts", t.attempts, "since", t.since)
	if now.Sub(t.since) < p.settings.Patience.Quiet || now.Sub(p.warned) < repeatWarning {
		l.Debug("partition does not take records, trying again", "error", t.cause)
		return
	}
	p.warned = now
	l.Warn("partition does not take records, trying again until it does", "partitions", p.refusing, "error", fault.Text(t.cause))
}

// recovered ends a partition's trouble. p.mu is held.
func (p *Producer) recovered(part *partition) {
	if part.trouble.attempts == 0 {
		return
	}
	since := part.trouble.since
	part.trouble = trouble{}
	if p.refusing--; p.refusing == 0 && !p.warned.IsZero() {
		p.warned = time.Time{}
		p.settings.Logger.Info("all partitions take records again", "topic", part.topic, "partition", part.id,
			"after", time.Since(since).Round(time.Millisecond))
	}
}

// waiting says what a partition waits for.
func (part *partition) waiting() string {
	t := part.trouble
	what := "has taken no records"
	if errors.Is(t.cause, sarama.ErrLeaderNotAvailable) {
		what = "has had no leader"
	}
	return fmt.Sprintf("topic %q, partition %d %s since %s (attempts: %d): %s",
		part.topic, part.id, what, t.since.Format(time.RFC3339), t.attempts, fault.Text(t.cause))
}
