// Package produce writes records to the partitions of Kafka topics through
// sarama's protocol layer, idempotently and with acks=all.
//
// It takes whole groups of records (the batches of the host), turns what waits
// for one partition into one record batch, and sends at most one batch of a
// partition at a time. While that one travels the next grows, so there is no
// time to linger. One batch in flight a partition also makes order simple: a
// batch is sent again, under the same sequence number, for as long as an outage
// takes, until it is accepted or the producer fails; and once the producer has failed nothing is sent any more,
// so no record overtakes another. Nor does one that an earlier process has left on
// its way, in whatever buffer: see identity.go.
//
// The package chooses no partitions, creates no topics and makes no connections.
// Start reading at Producer and Group; a partition's states are in partition.go,
// senders and the router are the two kinds of goroutine.
package produce

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// ErrClosed is what groups fail with that were not finished before Close gave up.
var ErrClosed = errors.New("the producer was closed before the brokers acknowledged all records")

// Cluster is what the producer needs of a client.Client.
type Cluster interface {
	Broker(id int32) (*sarama.Broker, error)
	Leader(topic string, partition int32) (*sarama.Broker, error)
	RefreshMetadata(topics ...string) error
	// Claim takes the producer id of a transactional id, and fences whoever had it
	// but for the one that shows an identity which still holds.
	Claim(transactionalID string, held Identity) (Identity, error)
}

// Settings of a Producer.
type Settings struct {
	// TransactionalID stays the same over restarts, and is used by one process at a time.
	TransactionalID string
	// User of SASL, for cures; empty if there is none.
	User string
	// RenewEvery is far below the brokers' transactional.id.expiration.ms.
	RenewEvery  time.Duration
	Compression sarama.CompressionCodec
	// BatchBytes is the size before compression at which a record batch is full.
	BatchBytes int
	// InFlightBytes is how much may be taken that is not acknowledged yet.
	InFlightBytes int64
	// RequestTimeout is what the leader has to collect acknowledgements.
	RequestTimeout time.Duration
	Patience       Patience
	// BackoffMin doubles with each attempt up to BackoffMax.
	BackoffMin, BackoffMax time.Duration
	Logger                 *slog.Logger
	Metrics                *Metrics
}

// Producer sends groups of records. Groups are begun, filled and ended by one
// goroutine at a time.
type Producer struct {
	cluster  Cluster
	settings Settings

	mu       sync.Mutex
	identity Identity
	err      error // why nothing is sent any more
	topics   map[string]*Topic
	senders  map[int32]*sender
	lost     []*partition
	inFlight int64
	refusing int       // partitions in trouble
	warned   time.Time // when that was told

	room    chan struct{} // told when inFlight falls
	routing chan struct{} // told when lost grows
	stop    chan struct{} // closed when err is set
	running sync.WaitGroup
}

// Open fences the process before and starts the producer.
func Open(cluster Cluster, s Settings) (*Producer, error) {
	held, err := cluster.Claim(s.TransactionalID, Nobody)
	if err != nil {
		return nil, fmt.Errorf("claim transactional id %q: %w", s.TransactionalID, fault.Mark(err))
	}
	s.Logger.Info("claimed the transactional id; processes that had it are fenced",
		"transactional_id", s.TransactionalID, "producer_id", held.ID, "epoch", held.Epoch)
	p := &Producer{
		cluster: cluster, settings: s, identity: held,
		topics: map[string]*Topic{}, senders: map[int32]*sender{},
		room: make(chan struct{}, 1), routing: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	p.running.Go(p.route)
	p.running.Go(p.renew)
	return p, nil
}

// Topic returns the handle of a topic with at least n partitions.
func (p *Producer) Topic(name string, n int32) *Topic {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.topics[name]
	if t == nil {
		t = &Topic{Name: name}
		p.topics[name] = t
	}
	for id := int32(len(t.partitions)); id < n; id++ {
		t.partitions = append(t.partitions, &partition{topic: name, id: id})
	}
	return t
}

// Close waits for what was taken, until ctx ends, and stops the goroutines. The
// caller cuts the connections when ctx ends, or Close waits for the requests
// under way.
func (p *Producer) Close(ctx context.Context) error {
	err := p.drain(ctx)
	var done []*Group
	p.mu.Lock()
	if p.err == nil {
		done = p.fail(sdk.Transient(ErrClosed))
	}
	p.mu.Unlock()
	finish(done)
	p.running.Wait()
	return err
}

func (p *Producer) drain(ctx context.Context) error {
	for {
		p.mu.Lock()
		idle, err := p.inFlight == 0, p.err
		p.mu.Unlock()
		switch {
		case err != nil:
			return nil // told to each group already
		case idle:
			return nil
		}
		select {
		case <-p.room:
		case <-p.stop:
		case <-ctx.Done():
			return sdk.Transient(fmt.Errorf("flush to kafka: %w", context.Cause(ctx)))
		}
	}
}

// fail makes err the reason why nothing is sent any more, and returns the groups
// that end by it. Those with a batch under way end when its request does, since
// the request still reads their memory. p.mu is held.
func (p *Producer) fail(err error) []*Group {
	p.err = err
	close(p.stop)
	var done []*Group
	for _, t := range p.topics {
		for _, part := range t.partitions {
			done = part.drop(err, done)
		}
	}
	p.lost = nil
	return done
}

// tell wakes the one who waits on c; it is told once for many times.
func tell(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
