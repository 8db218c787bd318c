package produce

import (
	"errors"
	"fmt"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

// settle decides on each batch of a request that has come to its end.
func (p *Producer) settle(batches []*batch, res *sarama.ProduceResponse, err error) {
	var done []*Group
	p.mu.Lock()
	for _, b := range batches {
		done = p.settleBatch(b, outcome(b, res, err), done)
	}
	p.mu.Unlock()
	finish(done)
}

// settleBatch acknowledges, sends again, splits, or fails. p.mu is held.
func (p *Producer) settleBatch(b *batch, err error, done []*Group) []*Group {
	part := b.part
	part.state = idle
	switch {
	case err == nil:
		part.attempts, part.cause = 0, nil
		p.settings.Metrics.acknowledge(b)
		done = b.settle(nil, done)
		p.schedule(part)
	case p.err != nil:
		done = b.settle(p.err, done)
	case tooLarge(err) && len(b.wire.Records) > 1:
		p.settings.Metrics.splits.Inc()
		part.again = append(b.split(), part.again...)
		p.schedule(part)
	case b.outdated(p, err):
		part.again = append([]*batch{b}, part.again...)
		part.restamp(p.identity)
		done = p.trouble(part, err, done)
	case fault.Retriable(err):
		part.again = append([]*batch{b}, part.again...)
		done = p.trouble(part, err, done)
	default:
		done = p.reject(b, err, done)
	}
	return done
}

func tooLarge(err error) bool {
	return errors.Is(err, sarama.ErrMessageSizeTooLarge) || errors.Is(err, sarama.ErrMessageSetSizeTooLarge)
}

// trouble has the partition's leader looked up anew after a while, or gives up if
// it has refused for too long. p.mu is held.
func (p *Producer) trouble(part *partition, err error, done []*Group) []*Group {
	now := time.Now()
	if part.attempts == 0 {
		part.since = now
	}
	part.attempts++
	part.cause = err
	p.settings.Metrics.retries.WithLabelValues(fault.Code(err)).Inc()
	if now.Sub(part.since) >= p.settings.DeliveryTimeout {
		p.settings.Metrics.errors.WithLabelValues(fault.Code(err)).Inc()
		return append(done, p.fail(fmt.Errorf("produce to topic %q, partition %d: no success within delivery_timeout of %v and %d attempts: %w",
			part.topic, part.id, p.settings.DeliveryTimeout, part.attempts, fault.Mark(err)))...)
	}
	if part.attempts&(part.attempts-1) == 0 {
		p.settings.Logger.Warn("partition does not take records, trying again",
			"topic", part.topic, "partition", part.id, "attempts", part.attempts, "error", err)
	}
	part.due = now.Add(p.backoff(part.attempts))
	p.lose(part)
	return done
}

func (p *Producer) backoff(attempts int) time.Duration {
	d := p.settings.BackoffMin << min(attempts-1, 16)
	return min(d, p.settings.BackoffMax)
}

// reject fails the producer for a batch that no repetition helps. p.mu is held.
func (p *Producer) reject(b *batch, err error, done []*Group) []*Group {
	p.settings.Metrics.errors.WithLabelValues(fault.Code(err)).Inc()
	why := fmt.Errorf("produce to topic %q, partition %d, %s: %w", b.part.topic, b.part.id, b.extent(), fault.Mark(err))
	done = append(done, p.fail(why)...)
	return b.settle(why, done)
}

// extent tells how much was refused.
func (b *batch) extent() string {
	r := b.wire.Records[0]
	if n := len(b.wire.Records); n > 1 {
		return fmt.Sprintf("%d records of %d bytes together", n, b.size)
	}
	return fmt.Sprintf("one record with a key of %d and a value of %d bytes", len(r.Key), len(r.Value))
}

// outcome returns what became of a batch. A duplicate is one whose first
// acknowledgement was lost.
func outcome(b *batch, res *sarama.ProduceResponse, err error) error {
	if err != nil {
		return err
	}
	block := res.GetBlock(b.part.topic, b.part.id)
	switch {
	case block == nil:
		return sarama.ErrIncompleteResponse
	case block.Err == sarama.ErrNoError, block.Err == sarama.ErrDuplicateSequenceNumber:
		return nil
	}
	return explained(block)
}

// explained adds what the broker says about the refusal.
func explained(block *sarama.ProduceResponseBlock) error {
	err := error(block.Err)
	if m := block.ErrorMessage; m != nil && *m != "" {
		err = fmt.Errorf("%w: %s", err, *m)
	}
	for _, r := range block.RecordErrors {
		if m := r.BatchIndexErrorMessage; m != nil && *m != "" {
			return fmt.Errorf("%w: record %d: %s", err, r.BatchIndex, *m)
		}
	}
	return err
}
