// Package partition chooses the partition of a record as Kafka's Java producer
// does, so that a topic can be written by both: records of one key stay
// together whoever wrote them. It knows nothing of brokers.
//
// Start reading at Of.
package partition

// Of returns the partition of a key among n partitions. It is the Java client's
// choice: the positive part of murmur2 modulo n.
func Of(key []byte, n int32) int32 {
	return int32(Murmur2(key)&0x7fffffff) % n
}

// Sticky spreads records without a key. It stays on one partition until Next is
// called, so that such records travel in few large batches.
type Sticky struct{ at uint32 }

// Next moves on to another partition.
func (s *Sticky) Next() { s.at++ }

// Of returns the current partition among n.
func (s *Sticky) Of(n int32) int32 { return int32(s.at % uint32(n)) }
