package produce

import (
	"errors"
	"fmt"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

// Identity is what brokers know a producer by. Of two with the same id a partition
// takes no batch of the lower epoch once it has one of the higher: that fences
// whatever an earlier process has left on its way.
type Identity struct {
	ID    int64
	Epoch int16
}

// Nobody holds no producer id yet.
var Nobody = Identity{-1, -1}

// retryRenewal is the part of RenewEvery after which a renewal that failed is tried again.
const retryRenewal = 12

// identify has the partition's next records sent under the identity that the
// producer holds now. Nothing of the partition is under way. p.mu is held.
func (part *partition) identify(held Identity) {
	if part.identity != held {
		part.identity, part.sequence = held, 0
	}
}

// renew claims the identity again before the cluster forgets it (after
// transactional.id.expiration.ms), else the next process would get another
// producer id and fence nobody. It also notices another process at rest.
func (p *Producer) renew() {
	wait := p.settings.RenewEvery
	for {
		select {
		case <-p.stop:
			return
		case <-time.After(wait):
		}
		p.mu.Lock()
		held := p.identity
		p.mu.Unlock()
		got, err := p.cluster.Claim(p.settings.TransactionalID, held)
		wait = p.renewed(got, err)
	}
}

// renewed takes the new identity, or fails if another process has it.
func (p *Producer) renewed(got Identity, err error) (next time.Duration) {
	var done []*Group
	p.mu.Lock()
	switch {
	case p.err != nil:
	case err == nil:
		p.identity = got
	case fenced(err):
		p.settings.Metrics.errors.WithLabelValues(fault.Code(err)).Inc()
		done = p.fail(fmt.Errorf("renew transactional id %q: %w", p.settings.TransactionalID, fault.Mark(err)))
	default:
		p.settings.Logger.Warn("cannot renew the transactional id, trying again",
			"transactional_id", p.settings.TransactionalID, "error", fault.Text(err))
		next = p.settings.RenewEvery / retryRenewal
	}
	p.mu.Unlock()
	finish(done)
	if next == 0 {
		next = p.settings.RenewEvery
	}
	return next
}

// fenced says that another process has claimed the transactional id.
func fenced(err error) bool {
	return errors.Is(err, sarama.ErrInvalidProducerEpoch) || errors.Is(err, sarama.ErrProducerFenced)
}

// outdated says that the batch was refused under an identity that has been
// renewed since: what refuses it may be our own renewal. p.mu is held.
func (b *batch) outdated(p *Producer, err error) bool {
	return fenced(err) && b.part.identity != p.identity
}

// restamp puts the partition's batches under the identity that is held now. p.mu is held.
func (part *partition) restamp(held Identity) {
	part.identify(held)
	for _, b := range part.again {
		b.wire.ProducerID, b.wire.ProducerEpoch = held.ID, held.Epoch
		b.wire.FirstSequence = part.sequence
		part.sequence = advance(part.sequence, len(b.wire.Records))
	}
}
