package produce

import (
	"math"
	"time"

	"github.com/IBM/sarama"
)

// batch is a record batch and whose records are in it.
type batch struct {
	part  *partition
	wire  *sarama.RecordBatch
	spans []span
	size  int // before compression
}

// span is n records of a group.
type span struct {
	group *Group
	n     int
}

// build makes a batch of what stands first in the queue: as much as is allowed,
// and at least one record.
func (part *partition) build(p *Producer) *batch {
	part.identify(p.identity)
	records, spans, size := part.pull(p.settings.BatchBytes)
	b := &batch{part: part, spans: spans, size: size, wire: &sarama.RecordBatch{
		Version:              2,
		Codec:                p.settings.Compression,
		CompressionLevel:     sarama.CompressionLevelDefault,
		ProducerID:           part.identity.ID,
		ProducerEpoch:        part.identity.Epoch,
		FirstSequence:        part.sequence,
		PartitionLeaderEpoch: -1,
	}}
	first, last := records[0].time, records[0].time
	wire := make([]*sarama.Record, len(records))
	for i, r := range records {
		r.wire.TimestampDelta = time.Duration(r.time-first) * time.Millisecond
		r.wire.OffsetDelta = int64(i)
		last = max(last, r.time)
		wire[i] = &r.wire
	}
	b.wire.FirstTimestamp, b.wire.MaxTimestamp = time.UnixMilli(first), time.UnixMilli(last)
	b.wire.Records, b.wire.LastOffsetDelta = wire, int32(len(wire)-1)
	part.sequence = advance(part.sequence, len(wire))
	return b
}

// pull takes records off the queue.
func (part *partition) pull(limit int) (records []*record, spans []span, size int) {
	taken := 0
	for _, c := range part.queue {
		n, bytes := c.fitting(limit - size)
		if n == 0 && len(records) == 0 {
			n, bytes = 1, c.records[0].size
		}
		if n == 0 {
			break
		}
		size += bytes
		spans = append(spans, span{c.group, n})
		if n < len(c.records) {
			part.queue[taken].records = c.records[n:]
			part.queue[taken].size -= bytes
			records = append(records, c.records[:n]...)
			break
		}
		taken++
		if records == nil {
			records = c.records
			continue
		}
		records = append(records, c.records...)
	}
	clear(part.queue[:taken])
	if part.queue = part.queue[taken:]; len(part.queue) == 0 {
		part.queue = nil
	}
	return records, spans, size
}

// fitting returns how many of the first records have at most room bytes.
func (c *chunk) fitting(room int) (n, size int) {
	if c.size <= room {
		return len(c.records), c.size
	}
	for _, r := range c.records {
		if size+r.size > room {
			break
		}
		size += r.size
		n++
	}
	return n, size
}

// advance returns the sequence number n records after s; it wraps to zero.
func advance(s int32, n int) int32 {
	return int32((int64(s) + int64(n)) & math.MaxInt32)
}

// split makes two batches of one that the broker finds too large. The sequence
// numbers stay with their records.
func (b *batch) split() []*batch {
	half := len(b.wire.Records) / 2
	front, back := section(b.wire, 0, half), section(b.wire, half, len(b.wire.Records))
	first := &batch{part: b.part, wire: front, size: b.size / 2}
	second := &batch{part: b.part, wire: back, size: b.size - b.size/2}
	first.spans, second.spans = splitSpans(b.spans, half)
	return []*batch{first, second}
}

// section makes a batch of the records from one index to another. The batch that
// they stood in is not used any more.
func section(b *sarama.RecordBatch, from, to int) *sarama.RecordBatch {
	records := b.Records[from:to]
	base, last := records[0].TimestampDelta, records[0].TimestampDelta
	for i, r := range records {
		last = max(last, r.TimestampDelta)
		r.TimestampDelta -= base
		r.OffsetDelta = int64(i)
	}
	return &sarama.RecordBatch{
		Version:              b.Version,
		Codec:                b.Codec,
		CompressionLevel:     b.CompressionLevel,
		ProducerID:           b.ProducerID,
		ProducerEpoch:        b.ProducerEpoch,
		PartitionLeaderEpoch: b.PartitionLeaderEpoch,
		FirstSequence:        advance(b.FirstSequence, from),
		FirstTimestamp:       b.FirstTimestamp.Add(base),
		MaxTimestamp:         b.FirstTimestamp.Add(last),
		Records:              records,
		LastOffsetDelta:      int32(len(records) - 1),
	}
}

func splitSpans(spans []span, at int) (front, back []span) {
	for _, s := range spans {
		n := min(at, s.n)
		at -= n
		if n > 0 {
			front = append(front, span{s.group, n})
		}
		if n < s.n {
			back = append(back, span{s.group, s.n - n})
		}
	}
	return front, back
}

// settle ends all records of the batch. The producer's mu is held.
func (b *batch) settle(err error, done []*Group) []*Group {
	for _, s := range b.spans {
		done = s.group.settle(s.n, err, done)
	}
	return done
}
