package produce

import (
	"errors"
	"fmt"
	"time"
)

// Health returns why records wait: the producer has failed, a partition refuses
// what it is sent, or a broker does not answer.
func (p *Producer) Health() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	if part := p.longest(); part != nil {
		return errors.New(part.waiting() + others(p.refusing-1))
	}
	return p.stalled(time.Now())
}

// longest returns the partition that has refused for the longest time. p.mu is held.
func (p *Producer) longest() *partition {
	var first *partition
	for _, t := range p.topics {
		for _, part := range t.partitions {
			if part.trouble.attempts > 0 && (first == nil || part.trouble.since.Before(first.trouble.since)) {
				first = part
			}
		}
	}
	return first
}

func others(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more partitions)", n)
}

// stalled returns the request that has waited for an answer for the longest time. p.mu is held.
func (p *Producer) stalled(now time.Time) error {
	var err error
	longest := p.settings.Patience.Stalled
	for _, s := range p.senders {
		for _, since := range s.flights {
			if waited := now.Sub(since); !since.IsZero() && waited >= longest {
				longest = waited
				err = fmt.Errorf("broker %d (%s) has not answered a produce request for %v, since %s",
					s.broker, s.address, waited.Round(time.Second), since.Format(time.RFC3339))
			}
		}
	}
	return err
}
