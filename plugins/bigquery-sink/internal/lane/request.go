package lane

import (
	"context"
	"sync"
	"time"

	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
)

// rowOverhead is what a row takes in a request beside its bytes, overhead what a
// request takes beside its rows: names, trace and the rows' description.
const (
	rowOverhead = 6
	overhead    = 64 << 10
)

// request is rows that are appended together.
type request struct {
	route *Route
	data  []byte
	ends  []int
	keys  [][]byte // of the rows, valid as long as the batches are held
	rows  [][]byte // parts of data, made when it is complete
	parts []*Batch // each held once

	// passed is closed, and nothing else done, where no rows are in the request
	// but somebody waits for those before it.
	passed chan struct{}

	started  time.Time
	attempts int
	stalls   int             // attempts without an answer
	late     time.Time       // since when writers do not know the table as it is
	attempt  context.Context //nolint:containedctx // that of the attempt under way
	cancel   context.CancelFunc
	result   *managedwriter.AppendResult
	err      error
}

var requests = sync.Pool{New: func() any { return new(request) }}

func newRequest(route *Route) *request {
	r := requests.Get().(*request)
	r.route = route
	return r
}

// recycle keeps the memory for another request. The caller is the last to use it.
func (r *request) recycle() {
	const most = 16 << 20
	if cap(r.data) > most {
		return
	}
	clear(r.keys)
	clear(r.rows)
	clear(r.parts)
	*r = request{data: r.data[:0], ends: r.ends[:0], keys: r.keys[:0], rows: r.rows[:0], parts: r.parts[:0]}
	requests.Put(r)
}

func (r *request) count() int { return len(r.ends) }

// size of the request with the row at the end of data, which is not counted yet.
func (r *request) size() int { return len(r.data) + rowOverhead*(len(r.ends)+1) + overhead }

// add counts the row at the end of data as one of b.
func (r *request) add(b *Batch, m *row.Message) {
	r.ends = append(r.ends, len(r.data))
	r.keys = append(r.keys, m.Key)
	if n := len(r.parts); n == 0 || r.parts[n-1] != b {
		b.Hold()
		r.parts = append(r.parts, b)
	}
}

// complete divides data, which grows no more, into rows.
func (r *request) complete() {
	start := 0
	for _, end := range r.ends {
		r.rows = append(r.rows, r.data[start:end:end])
		start = end
	}
	r.started = time.Now()
}

// without removes rows that were refused.
func (r *request) without(refused map[int]string) {
	rows, keys := make([][]byte, 0, len(r.rows)), make([][]byte, 0, len(r.rows))
	for i := range r.rows {
		if _, ok := refused[i]; !ok {
			rows, keys = append(rows, r.rows[i]), append(keys, r.keys[i])
		}
	}
	r.rows, r.keys = rows, keys
}

// bytes of the rows.
func (r *request) bytes() (n int) {
	for _, b := range r.rows {
		n += len(b)
	}
	return n
}

// send makes an attempt, whose outcome wait returns.
func (r *request) send(ctx context.Context, timeout time.Duration) {
	r.attempts++
	var attempt context.Context
	attempt, r.cancel = context.WithTimeout(ctx, timeout)
	r.attempt = attempt
	r.result, r.err = r.route.Stream.AppendRows(attempt, r.rows, managedwriter.UpdateSchemaDescriptor(r.route.Plan.Descriptor()))
}

// wait returns the outcome of the attempt: nil, or the error with the rows that
// it is about.
func (r *request) wait() (refused map[int]string, err error) {
	defer r.cancel()
	if r.err != nil {
		return nil, r.err
	}
	response, err := r.result.FullResponse(r.attempt)
	for _, e := range response.GetRowErrors() {
		if refused == nil {
			refused = map[int]string{}
		}
		refused[int(e.GetIndex())] = e.GetMessage()
	}
	return refused, err
}

// isLate notes that writers are behind, and says whether they may be still.
func (r *request) isLate(most time.Duration) bool {
	if r.late.IsZero() {
		r.late = time.Now()
	}
	return time.Since(r.late) < most
}

// release ends the holds.
func (r *request) release(err error) {
	for _, b := range r.parts {
		b.Release(err)
	}
}
