package warehouse

import (
	"sync"
	"time"
)

// Guard serialises access to a Warehouse and reads the clock once an operation.
type Guard struct {
	mu  sync.Mutex
	w   *Warehouse
	now func() time.Time
}

// NewGuard wraps w; now is the clock that all operations see.
func NewGuard(w *Warehouse, now func() time.Time) *Guard {
	return &Guard{w: w, now: now}
}

// Do runs f alone; f must not keep the warehouse, nor block.
func (g *Guard) Do(f func(w *Warehouse, now time.Time)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f(g.w, g.now())
}
