package produce

import "fmt"

// Health returns why records wait: the producer has failed, or a partition
// refuses what it is sent.
func (p *Producer) Health() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	for _, t := range p.topics {
		for _, part := range t.partitions {
			if part.attempts > 0 {
				return fmt.Errorf("topic %q, partition %d does not take records after %d attempts: %w",
					part.topic, part.id, part.attempts, part.cause)
			}
		}
	}
	return nil
}
