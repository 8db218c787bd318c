package produce

import (
	"slices"
	"time"
)

// route finds the leaders of lost partitions until the producer stops.
func (p *Producer) route() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		due, wait := p.due()
		if len(due) > 0 {
			p.find(due)
			continue
		}
		timer.Reset(wait)
		select {
		case <-p.stop:
			return
		case <-p.routing:
		case <-timer.C:
		}
	}
}

// due takes the lost partitions whose time has come, and says how long to wait
// for the next if there are none.
func (p *Producer) due() (due []*partition, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	wait = time.Hour
	p.lost = slices.DeleteFunc(p.lost, func(part *partition) bool {
		left := part.trouble.due.Sub(now)
		if left <= 0 {
			due = append(due, part)
			return true
		}
		wait = min(wait, left)
		return false
	})
	return due, wait
}

// find looks up the leaders of partitions and makes them ready.
func (p *Producer) find(parts []*partition) {
	if topics := troubled(parts); len(topics) > 0 {
		_ = p.cluster.RefreshMetadata(topics...) // a fault shows at the leader that is missing
	}
	for _, part := range parts {
		broker, err := p.cluster.Leader(part.topic, part.id)
		var done []*Group
		p.mu.Lock()
		switch {
		case p.err != nil:
		case err == nil:
			part.sender, part.state = p.senderOf(broker), idle
			p.schedule(part)
		case p.patient(part, err):
			p.retry(part, err, time.Now())
		default:
			done = p.reject(part, "", err, done)
		}
		p.mu.Unlock()
		finish(done)
	}
}

// troubled returns the topics whose metadata may be stale. A partition that has
// just come up needs no refresh.
func troubled(parts []*partition) []string {
	var topics []string
	for _, part := range parts {
		if part.trouble.attempts > 0 && !slices.Contains(topics, part.topic) {
			topics = append(topics, part.topic)
		}
	}
	return topics
}
