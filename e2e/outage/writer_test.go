//go:build e2e

package outage_test

import (
	"fmt"
	"testing"
	"time"
)

// rows that a writer touches.
const rows = 50

// writer inserts and updates rows of a table without end.
type writer struct {
	stop, done chan struct{}
}

// write begins to write to a table of the form that harness.Audit judges. What
// fails while the server is away is tried again.
func write(t *testing.T, table string) *writer {
	t.Helper()
	w := &writer{stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for n := 0; ; n++ {
			select {
			case <-w.stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
			statement := fmt.Sprintf("INSERT INTO %s (id, v) VALUES (%d, 1) ON DUPLICATE KEY UPDATE v = v + 1", table, n%rows)
			_ = lab.MySQL.Exec(t.Context(), statement) // the server may be away
		}
	}()
	return w
}

// end returns when the writer has stopped. It may be called twice.
func (w *writer) end() {
	select {
	case <-w.stop:
	default:
		close(w.stop)
	}
	<-w.done
}
