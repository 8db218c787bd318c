package lane

import (
	"sync"
	"sync/atomic"
)

// Batch counts what is still held of a batch of the host. Its memory may be read
// until the last hold is released.
type Batch struct {
	holds atomic.Int64
	once  sync.Once
	err   error
	done  func(error)
}

// NewBatch returns a batch that the caller holds. Done is called when nobody does.
func NewBatch(done func(error)) *Batch {
	b := &Batch{done: done}
	b.holds.Store(1)
	return b
}

// Hold adds a hold. The caller has one already.
func (b *Batch) Hold() { b.holds.Add(1) }

// Release ends a hold; the first error is what the batch ends with.
func (b *Batch) Release(err error) {
	if err != nil {
		b.once.Do(func() { b.err = err })
	}
	if b.holds.Add(-1) == 0 {
		b.once.Do(func() {}) // waits for whoever sets the error
		b.done(b.err)
	}
}
