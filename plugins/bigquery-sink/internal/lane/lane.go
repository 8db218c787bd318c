package lane

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/metric"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/sdk"
)

// Settings hold for all lanes of a sink.
type Settings struct {
	// MaxRequest is the most bytes of a request.
	MaxRequest int
	// RequestTimeout bounds one attempt, RetryTimeout all attempts of a request.
	RequestTimeout, RetryTimeout time.Duration
	// SkipRows leaves out rows that BigQuery refuses, else they end the lane.
	SkipRows bool
	// IgnoreTruncate leaves out truncations; EmptyTruncated deletes the rows of
	// the table; else they end the lane.
	IgnoreTruncate, EmptyTruncated bool
	Logger                         *slog.Logger
	Metrics                        *metric.Metrics
	// Fail is told what ended a lane. It cancels the context of all lanes, with
	// that as its cause.
	Fail func(error)
}

// Route is where rows with certain schemas go, and how they are made.
type Route struct {
	Plan   *row.Plan
	Stream *managedwriter.ManagedStream
	// Keys calls yield with the key of each row of the table, all that was
	// acknowledged before included.
	Keys func(ctx context.Context, yield func([]bigquery.Value) error) error
}

// Prepare makes the table fit for rows with the schemas, and returns their route.
// It is called once for each pair of schemas.
type Prepare func(context.Context, Schemas) (*Route, error)

// depth is how many requests a lane has on their way.
const depth = 8

// Lane carries rows to one table.
type Lane struct {
	name     string
	settings *Settings
	prepare  Prepare
	queue    *queue
	sent     chan *request
	done     chan struct{}

	// of the sending side
	routes  map[[2]sdk.SchemaID]*Route
	current *request
}

// Start begins a lane, which ends when Close is called and all is done. The name
// is the table's.
func Start(ctx context.Context, name string, s *Settings, p Prepare) *Lane {
	l := &Lane{
		name: name, settings: s, prepare: p, queue: newQueue(),
		sent: make(chan *request, depth), done: make(chan struct{}),
		routes: map[[2]sdk.SchemaID]*Route{},
	}
	go l.send(ctx)
	go l.settle(ctx)
	return l
}

// Push hands over work, whose batch is held for it. It does not block.
func (l *Lane) Push(w *Work) { l.queue.push(w) }

// Close lets the lane end after what it has; Done is closed then.
func (l *Lane) Close() { l.queue.close() }

// Done is closed when nothing is held any more.
func (l *Lane) Done() <-chan struct{} { return l.done }

// send encodes and sends what waits, as much as there is in one request.
func (l *Lane) send(ctx context.Context) {
	defer close(l.sent)
	for {
		items, more := l.queue.pull()
		for _, w := range items {
			err := l.take(ctx, w)
			if err != nil {
				l.settings.Fail(err)
			}
			w.Batch.Release(err)
		}
		l.flush(ctx)
		if !more {
			return
		}
	}
}

// take encodes the messages of w and sends requests that are full.
func (l *Lane) take(ctx context.Context, w *Work) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	route, err := l.route(ctx, w.Schemas)
	if err != nil {
		return err
	}
	for i := range w.Messages {
		if err := l.add(ctx, route, w.Batch, &w.Messages[i]); err != nil {
			return fmt.Errorf("table %s: %w", l.name, err)
		}
	}
	return nil
}

func (l *Lane) route(ctx context.Context, s Schemas) (*Route, error) {
	id := [2]sdk.SchemaID{s.KeyID, s.ValueID}
	if r, ok := l.routes[id]; ok {
		return r, nil
	}
	l.flush(ctx) // the rows before need not wait for the table
	r, err := l.prepare(ctx, s)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	l.routes[id] = r
	return r, nil
}

// add encodes one message.
func (l *Lane) add(ctx context.Context, route *Route, b *Batch, m *row.Message) error {
	before := l.begin(ctx, route)
	data, err := route.Plan.Append(l.current.data, m)
	if errors.Is(err, row.ErrTruncate) && l.settings.EmptyTruncated {
		return l.empty(ctx, route, b, m)
	}
	if err != nil {
		return l.refuse(err)
	}
	if len(data) == before {
		l.settings.Metrics.Skipped.Inc()
		return nil
	}
	l.current.data = data
	return l.put(ctx, route, b, m, before)
}

// begin opens a request for the route and returns how many bytes it has.
func (l *Lane) begin(ctx context.Context, route *Route) int {
	if l.current != nil && l.current.route != route {
		l.flush(ctx)
	}
	if l.current == nil {
		l.current = newRequest(route)
	}
	return len(l.current.data)
}

// put counts the row that the current request has behind before.
func (l *Lane) put(ctx context.Context, route *Route, b *Batch, m *row.Message, before int) error {
	data := l.current.data
	size := len(data) - before
	if before > 0 && l.current.size() > l.settings.MaxRequest {
		next := newRequest(route)
		next.data = append(next.data, data[before:]...)
		l.current.data = data[:before]
		l.flush(ctx)
		l.current = next
	}
	if l.current.size() > l.settings.MaxRequest {
		err := &row.Fault{Key: route.Plan.KeyText(m.Key), Reason: fmt.Sprintf(
			"it has %d bytes, more than max_request_bytes of %d: raise that, up to BigQuery's 20 MB, or leave the large column out in the source", size, l.settings.MaxRequest)}
		l.current.data = l.current.data[:len(l.current.data)-size]
		return l.refuse(err)
	}
	l.current.add(b, m)
	return nil
}

// flush sends the current request. It blocks while too many are on their way.
func (l *Lane) flush(ctx context.Context) {
	r := l.current
	if r == nil {
		return
	}
	l.current = nil
	if r.count() == 0 {
		r.recycle()
		return
	}
	r.complete()
	r.send(ctx, l.settings.RequestTimeout)
	l.sent <- r
}
