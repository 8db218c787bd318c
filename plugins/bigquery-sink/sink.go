package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/client"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/lane"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/metric"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/table"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/wait"
	"github.com/leat-io/leat/sdk"
)

var _ sdk.HealthChecker = (*sink)(nil)

// grace is how long a table may wait before the sink says so: what is new takes a
// few seconds to be known everywhere.
const grace = 10 * time.Second

// sink writes messages to BigQuery.
type sink struct {
	config  Config
	env     sdk.Env
	metrics *metric.Metrics
	waits   *wait.Board

	clients *client.Clients
	store   *table.Store
	budget  *semaphore.Weighted
	batches sync.WaitGroup

	// life is that of the connections; failing ends it.
	life   context.Context //nolint:containedctx // it spans many calls
	cancel context.CancelCauseFunc
	router *router
}

// New makes a sink. It connects in Open.
func New(c Config, env sdk.Env) (*sink, error) {
	m, err := metric.New(env.Metrics)
	if err != nil {
		return nil, err
	}
	return &sink{config: c, env: env, metrics: m, waits: &wait.Board{Grace: grace, Cure: fault.Cure}}, nil
}

// Open makes the clients. Tables are looked at when their first rows come.
func (s *sink) Open(ctx context.Context) error {
	s.life, s.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	var err error
	if s.clients, err = client.New(s.life, s.config.clientSettings()); err != nil { //nolint:contextcheck // they outlive the call
		return err
	}
	s.store = table.New(s.storeSettings(), s.clients.REST, s.clients.Write)
	s.budget = semaphore.NewWeighted(int64(s.config.InFlight))
	s.router = newRouter(s)
	return nil
}

// fail ends all that is under way, with the first error as the cause.
func (s *sink) fail(err error) { s.cancel(err) }

// Write hands the messages of a batch to the lanes of their tables.
func (s *sink) Write(ctx context.Context, b *sdk.Batch, done func(error)) {
	size := min(int64(b.Size()), int64(s.config.InFlight))
	if err := s.acquire(ctx, size); err != nil {
		done(err)
		return
	}
	s.metrics.InFlight.Add(float64(size))
	s.batches.Add(1)
	held := lane.NewBatch(func(err error) {
		s.metrics.InFlight.Sub(float64(size))
		s.budget.Release(size)
		done(err)
		s.batches.Done()
	})
	err := s.router.send(b, held)
	if err != nil {
		s.fail(err)
	}
	held.Release(err)
}

// acquire waits for room; a sink that has failed has none.
func (s *sink) acquire(ctx context.Context, size int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(s.life, func() { cancel(context.Cause(s.life)) })() //nolint:contextcheck // the end of either ends the wait
	if err := s.budget.Acquire(ctx, size); err != nil {
		return context.Cause(ctx)
	}
	return nil
}

// Health says which tables wait for BigQuery, for what, and since when.
func (s *sink) Health() error { return s.waits.Health(time.Now()) }

var errClosed = errors.New("sink was closed")

// Close waits for the acknowledgements of what was written, until ctx ends.
func (s *sink) Close(ctx context.Context) error {
	if s.clients == nil {
		return nil
	}
	defer context.AfterFunc(ctx, func() { s.cancel(sdk.Transient(fmt.Errorf("%w: %w", errClosed, context.Cause(ctx)))) })()
	s.router.close()
	s.batches.Wait()
	s.cancel(sdk.Transient(errClosed))
	if err := s.clients.Close(); err != nil {
		return fmt.Errorf("close clients: %w", err)
	}
	return nil
}
