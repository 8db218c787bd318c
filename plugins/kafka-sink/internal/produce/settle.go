package produce

import (
	"errors"
	"fmt"

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
		p.recovered(part)
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
		p.retry(part, err, part.sent)
	case p.patient(part, err):
		part.again = append([]*batch{b}, part.again...)
		p.retry(part, err, part.sent)
	default:
		done = p.reject(part, b.extent(), err, done)
		done = b.settle(p.err, done)
	}
	return done
}

func tooLarge(err error) bool {
	return errors.Is(err, sarama.ErrMessageSizeTooLarge) || errors.Is(err, sarama.ErrMessageSetSizeTooLarge)
}

// reject fails the producer for what no repetition helps. p.mu is held.
func (p *Producer) reject(part *partition, what string, err error, done []*Group) []*Group {
	p.settings.Metrics.errors.WithLabelValues(fault.Code(err)).Inc()
	err = fault.WithGrant(err, p.settings.User, fault.TopicRights, part.topic)
	return append(done, p.fail(fmt.Errorf("produce to topic %q, partition %d%s: %w", part.topic, part.id, what, fault.Mark(err)))...)
}

// extent tells how much was refused.
func (b *batch) extent() string {
	r := b.wire.Records[0]
	if n := len(b.wire.Records); n > 1 {
		return fmt.Sprintf(", %d records of %d bytes together", n, b.size)
	}
	return fmt.Sprintf(", one record with a key of %d and a value of %d bytes", len(r.Key), len(r.Value))
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
