package produce

import "time"

// Topic is a handle to put records to.
type Topic struct {
	Name       string
	partitions []*partition
}

// state of a partition. Only in sending is its memory read without the lock.
//
//	idle ──records──▶ lost ──leader known──▶ ready ──▶ sending
//	 ▲                 ▲                       ▲         │
//	 │                 └──────trouble──────────┼─────────┤
//	 └──────────────────────acknowledged───────┴─────────┘
type state byte

const (
	idle state = iota
	lost
	ready
	sending
)

// partition is what waits for one partition.
type partition struct {
	topic string
	id    int32

	staged chunk // of the group that is being filled
	queue  []chunk
	again  []*batch // to be sent before queue, under sequence numbers they have
	state  state
	sender *sender // of the leader, nil if not known

	identity Identity // that sequence belongs to
	sequence int32    // of the next record

	// sent is when the latest request for it began.
	sent    time.Time
	trouble trouble
}

// chunk is the records of one group for one partition.
type chunk struct {
	group   *Group
	records []*record
	size    int
}

// schedule makes the partition move on if it has something to send and nothing
// under way. p.mu is held.
func (p *Producer) schedule(part *partition) {
	switch {
	case part.state != idle || (len(part.queue) == 0 && len(part.again) == 0):
	case part.sender == nil:
		p.lose(part)
	default:
		part.state = ready
		part.sender.ready = append(part.sender.ready, part)
		tell(part.sender.wake)
	}
}

// lose hands the partition to the router. p.mu is held.
func (p *Producer) lose(part *partition) {
	part.state, part.sender = lost, nil
	p.lost = append(p.lost, part)
	tell(p.routing)
}

// next takes the batch that is sent next. p.mu is held.
func (part *partition) next(p *Producer) *batch {
	if len(part.again) > 0 {
		b := part.again[0]
		part.again = part.again[1:]
		return b
	}
	return part.build(p)
}

// drop settles all that waits; what is under way is settled by its request.
func (part *partition) drop(err error, done []*Group) []*Group {
	for _, b := range part.again {
		done = b.settle(err, done)
	}
	for _, c := range part.queue {
		done = c.group.settle(len(c.records), err, done)
	}
	part.again, part.queue = nil, nil
	return done
}
