package lane

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/bigquery/storage/managedwriter"
	"google.golang.org/protobuf/proto"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/metric"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/wait"
	"github.com/leat-io/leat/sdk"
)

// Settings hold for all lanes of a sink.
type Settings struct {
	// MaxRequest is the most bytes of a request.
	MaxRequest int
	// RequestTimeout bounds one attempt; a request that is refused for longer than
	// AnewTimeout has the sink started anew, with new connections. SchemaTimeout
	// bounds the wait for a table, or a change of it, to be known to writers.
	RequestTimeout, AnewTimeout, SchemaTimeout time.Duration
	// SkipRows leaves out rows that BigQuery refuses, else they end the lane.
	SkipRows bool
	// IgnoreTruncate leaves out truncations; EmptyTruncated deletes the rows of
	// the table; else they end the lane.
	IgnoreTruncate, EmptyTruncated bool
	Logger                         *slog.Logger
	Metrics                        *metric.Metrics
	// Waits is told what the lanes wait for.
	Waits *wait.Board
	// Fail is told what ended a lane. It cancels the context of all lanes, with
	// that as its cause.
	Fail func(error)
}

// Route is where rows with certain schemas go, and how they are made.
type Route struct {
	Plan *row.Plan
	// Stream is that of the table, the same for all of its routes.
	Stream *managedwriter.ManagedStream
	// Why says why rows are refused, with an error that is marked, or returns nil
	// if they are taken once writers know the table as it is.
	Why func(ctx context.Context, cause error) error
	// Look returns an error if those who write cannot look at the table.
	Look func(ctx context.Context) error
	// Keys calls yield with the key of each row of the table, all that was
	// acknowledged before included.
	Keys func(ctx context.Context, yield func([]bigquery.Value) error) error
}

// Prepare makes the table fit for rows with the schemas, and returns their route.
// It is called when rows with other schemas than the last ones come.
type Prepare func(context.Context, Schemas) (*Route, error)

// depth is how many requests a lane has on their way, maxRoutes how many routes it
// keeps: rows of a snapshot and of the log may come in turns, with two schemas.
const (
	depth     = 8
	maxRoutes = 2
)

// Lane carries rows to one table.
type Lane struct {
	name     string
	settings *Settings
	prepare  Prepare
	queue    *queue
	sent     chan *request
	done     chan struct{}

	// of the sending side
	routes  []known // the last ones, the newest first
	current *request
	last    *Route // of the last request that was sent
}

// Start begins a lane, which ends when Close is called and all is done. The name
// is the table's.
func Start(ctx context.Context, name string, s *Settings, p Prepare) *Lane {
	l := &Lane{
		name: name, settings: s, prepare: p, queue: newQueue(),
		sent: make(chan *request, depth), done: make(chan struct{}),
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

// known is a route that was prepared.
type known struct {
	key, value sdk.SchemaID
	route      *Route
}

func (l *Lane) route(ctx context.Context, s Schemas) (*Route, error) {
	for _, k := range l.routes {
		if k.key == s.KeyID && k.value == s.ValueID {
			return k.route, nil
		}
	}
	l.flush(ctx) // the rows before need not wait for the table
	r, err := l.prepare(ctx, s)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	l.routes = append([]known{{s.KeyID, s.ValueID, r}}, l.routes[:min(len(l.routes), maxRoutes-1)]...)
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
	l.turn(ctx, r.route)
	r.send(ctx, l.settings.RequestTimeout)
	l.sent <- r
}

// turn waits until all rows of another form are acknowledged: the client may make
// the connection anew for the new form, on which rows would overtake them.
func (l *Lane) turn(ctx context.Context, to *Route) {
	if l.last != nil && l.last != to && !proto.Equal(l.last.Plan.Descriptor(), to.Plan.Descriptor()) {
		_ = l.drain(ctx) // the request fails by the same context
	}
	l.last = to
}
