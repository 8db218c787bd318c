package produce

import (
	"context"
	"fmt"
	"sync"

	"github.com/IBM/sarama"
)

// Record is one message for a partition. Its slices are read until the group is done.
type Record struct {
	// Key is nil if there is none, Value is nil for a tombstone.
	Key, Value []byte
	Headers    []*sarama.RecordHeader
	// Time in milliseconds since 1970.
	Time int64
}

// Group is a run of records that is done as a whole.
type Group struct {
	producer *Producer
	records  []record
	touched  []*partition
	size     int64
	left     int // records not settled, and one until End
	err      error
	done     func(error)
}

type record struct {
	wire sarama.Record
	time int64
	size int
}

// recordOverhead is more than a record's numbers take in a record batch.
const recordOverhead = 24

var groups = sync.Pool{New: func() any { return new(Group) }}

// Begin starts a group of about n records that keeps size bytes in memory, once
// there is room for it. done is called exactly once, from any goroutine, after
// End, with nil when all records are acknowledged by all replicas in sync.
// If Begin returns an error done is not called.
func (p *Producer) Begin(ctx context.Context, n int, size int64, done func(error)) (*Group, error) {
	for {
		p.mu.Lock()
		if p.err != nil {
			p.mu.Unlock()
			return nil, p.err
		}
		if p.inFlight == 0 || p.inFlight+size <= p.settings.InFlightBytes {
			p.take(size)
			p.mu.Unlock()
			return newGroup(p, n, size, done), nil
		}
		p.mu.Unlock()
		select {
		case <-p.room:
		case <-p.stop:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for room in flight: %w", context.Cause(ctx))
		}
	}
}

// take changes the number of bytes in flight. p.mu is held.
func (p *Producer) take(size int64) {
	p.inFlight += size
	p.settings.Metrics.inFlight.Set(float64(p.inFlight))
}

func newGroup(p *Producer, n int, size int64, done func(error)) *Group {
	g := groups.Get().(*Group)
	records := g.records
	if cap(records) < n {
		records = make([]record, 0, n)
	}
	*g = Group{producer: p, records: records, touched: g.touched, size: size, left: 1, done: done}
	return g
}

// Add puts a record behind those of the same partition.
func (g *Group) Add(t *Topic, id int32, r Record) {
	if len(g.records) == cap(g.records) {
		g.records = make([]record, 0, max(64, 2*cap(g.records))) // those of before stay where they are
	}
	g.records = append(g.records, record{
		wire: sarama.Record{Key: r.Key, Value: r.Value, Headers: r.Headers},
		time: r.Time,
		size: recordSize(&r),
	})
	rec := &g.records[len(g.records)-1]
	part := t.partitions[id]
	if len(part.staged.records) == 0 {
		part.staged.group = g
		g.touched = append(g.touched, part)
	}
	part.staged.records = append(part.staged.records, rec)
	part.staged.size += rec.size
	g.left++
}

func recordSize(r *Record) int {
	size := recordOverhead + len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		size += 2*5 + len(h.Key) + len(h.Value)
	}
	return size
}

// End hands the group over.
func (g *Group) End() {
	p := g.producer
	var done []*Group
	p.mu.Lock()
	for _, part := range g.touched {
		c := part.staged
		part.staged = chunk{}
		if p.err != nil {
			done = g.settle(len(c.records), p.err, done)
			continue
		}
		part.queue = append(part.queue, c)
		p.schedule(part)
	}
	done = g.settle(1, nil, done)
	p.mu.Unlock()
	finish(done)
}

// Abort ends the group with err. None of its records is sent.
func (g *Group) Abort(err error) {
	for _, part := range g.touched {
		part.staged = chunk{}
	}
	g.left, g.err = 0, err
	finish([]*Group{g})
}

// settle notes that n records have come to an end, and appends the group to done
// if they were the last. The producer's mu is held.
func (g *Group) settle(n int, err error, done []*Group) []*Group {
	if g.err == nil {
		g.err = err
	}
	if g.left -= n; g.left == 0 {
		return append(done, g)
	}
	return done
}

// finish reports groups. No lock is held: what done does is not ours.
func finish(gs []*Group) {
	for _, g := range gs {
		p, size := g.producer, g.size
		g.done(g.err)
		g.recycle()
		p.mu.Lock()
		p.take(-size)
		p.mu.Unlock()
		tell(p.room)
	}
}

// recycle keeps the group's memory for another one, but not what it refers to.
func (g *Group) recycle() {
	clear(g.records)
	clear(g.touched)
	*g = Group{records: g.records[:0], touched: g.touched[:0]}
	groups.Put(g)
}
