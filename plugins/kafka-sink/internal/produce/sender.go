package produce

import (
	"time"

	"github.com/IBM/sarama"
)

const (
	// RequestBytes is the size before compression at which a request is full.
	RequestBytes = 2 << 20
	// Pipeline is how many requests a broker gets at a time, for different
	// partitions each. While one is acknowledged the next is made.
	Pipeline = 2
	// produceVersion is the newest that sarama knows; it is lowered to the broker's.
	produceVersion = 10
)

// sender sends to one broker what is ready for the partitions it leads.
type sender struct {
	producer *Producer
	broker   int32
	address  string
	// flights has since when each goroutine's request has been under way, zero for none.
	flights [Pipeline]time.Time
	ready   []*partition
	wake    chan struct{}
}

// senderOf returns the sender of a broker, which it starts if it is new. p.mu is held.
func (p *Producer) senderOf(broker *sarama.Broker) *sender {
	s := p.senders[broker.ID()]
	if s == nil {
		s = &sender{producer: p, broker: broker.ID(), wake: make(chan struct{}, 1)}
		p.senders[s.broker] = s
		for i := range Pipeline {
			p.running.Go(func() { s.run(&s.flights[i]) })
		}
	}
	s.address = broker.Addr()
	return s
}

func (s *sender) run(flight *time.Time) {
	for {
		select {
		case <-s.producer.stop:
			return
		case <-s.wake:
		}
		for batches := s.next(flight); len(batches) > 0; batches = s.next(flight) {
			s.send(batches)
		}
	}
}

// next takes what the next request carries, nothing after a failure. The request
// before has come to its end.
func (s *sender) next(flight *time.Time) []*batch {
	p := s.producer
	p.mu.Lock()
	defer p.mu.Unlock()
	*flight = time.Time{}
	now := time.Now()
	if p.err != nil {
		return nil
	}
	var batches []*batch
	size := 0
	for len(s.ready) > 0 && size < RequestBytes {
		part := s.ready[0]
		s.ready = s.ready[1:]
		part.state, part.sent = sending, now
		b := part.next(p)
		batches = append(batches, b)
		size += b.size
	}
	if len(s.ready) > 0 {
		tell(s.wake)
	}
	if len(batches) > 0 {
		*flight = now
	}
	return batches
}

func (s *sender) send(batches []*batch) {
	p := s.producer
	req := &sarama.ProduceRequest{
		Version:      produceVersion,
		RequiredAcks: sarama.WaitForAll,
		Timeout:      int32(p.settings.RequestTimeout / time.Millisecond),
	}
	for _, b := range batches {
		req.AddBatch(b.part.topic, b.part.id, b.wire)
	}
	start := time.Now()
	res, err := s.exchange(req)
	p.settings.Metrics.latency.Observe(time.Since(start).Seconds())
	p.settle(batches, res, err)
}

// exchange sends a request and waits for the answer. It goes on when the
// connection is lost or cut, or the timeout of reading ends.
func (s *sender) exchange(req *sarama.ProduceRequest) (*sarama.ProduceResponse, error) {
	broker, err := s.producer.cluster.Broker(s.broker)
	if err != nil {
		return nil, err
	}
	type answer struct {
		res *sarama.ProduceResponse
		err error
	}
	answers := make(chan answer, 1)
	err = broker.AsyncProduce(req, func(res *sarama.ProduceResponse, err error) { answers <- answer{res, err} })
	var a answer
	if err == nil {
		a = <-answers
		err = a.err
	}
	if err != nil {
		_ = broker.Close() // its state is unknown; the next use connects anew
		return nil, err
	}
	return a.res, nil
}
