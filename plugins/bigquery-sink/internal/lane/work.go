package lane

import (
	"sync"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/sdk"
)

// Schemas are those of the messages' key and value; Key is nil for a table
// without a key.
type Schemas struct {
	KeyID, ValueID sdk.SchemaID
	Key, Value     *sdk.MessageSchema
}

// Work is a run of messages of one batch with the same schemas.
type Work struct {
	Schemas  Schemas
	Batch    *Batch
	Messages []row.Message
}

// queue has no bound of its own: what the sink takes is bounded by bytes, and a
// table that waits must not keep the others waiting.
type queue struct {
	mu     sync.Mutex
	items  []*Work
	closed bool
	wake   chan struct{}
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

func (q *queue) push(w *Work) {
	q.mu.Lock()
	q.items = append(q.items, w)
	q.mu.Unlock()
	q.signal()
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pull takes all that waits; more is false when nothing will come any more.
func (q *queue) pull() (items []*Work, more bool) {
	for {
		q.mu.Lock()
		items, closed := q.items, q.closed
		q.items = nil
		q.mu.Unlock()
		if len(items) > 0 || closed {
			return items, !closed || len(items) > 0
		}
		<-q.wake
	}
}
