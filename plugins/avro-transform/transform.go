package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/avro-transform/internal/naming"
	"github.com/leat-io/leat/plugins/avro-transform/internal/registry"
	"github.com/leat-io/leat/sdk"
)

var errMessage = errors.New("record is a message already: keep one transform of the pipeline that makes messages")

// Transform turns changes into messages.
type Transform struct {
	registry *registry.Client
	register bool
	metrics  *metrics
	tables   tables
	known    map[sdk.SchemaID]*table
	// last is the table of the schema lastID, as changes of a table come in runs.
	last    *table
	lastID  sdk.SchemaID
	emitter *emitter
}

var (
	_ sdk.Transform     = (*Transform)(nil)
	_ sdk.HealthChecker = (*Transform)(nil)
	_ sdk.Validator     = (*Transform)(nil)
)

// New returns a transform. It connects to nothing.
func New(c Config, env sdk.Env) (sdk.Transform, error) {
	m, err := newMetrics(env.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	var context []sdk.Header
	if c.Headers == headersDebezium {
		if context, err = contextHeaders(c.TopicPrefix); err != nil {
			return nil, fmt.Errorf("make run id: %w", err)
		}
	}
	client := registry.New(registry.Settings{Endpoint: c.Registry.endpoint(), Register: c.Registry.AutoRegister, Logger: env.Logger, Metrics: m.registry})
	return &Transform{
		registry: client, register: c.Registry.AutoRegister, metrics: m,
		tables:  tables{rules: c.rules(), headers: context, names: naming.NewRegister(), registry: client},
		known:   map[sdk.SchemaID]*table{},
		emitter: newEmitter(c, context),
	}, nil
}

// Open does nothing: the registry is asked when a table is seen first, and
// waited for if it is down.
func (t *Transform) Open(context.Context) error { return nil }

// Transform writes the messages of a batch.
func (t *Transform) Transform(ctx context.Context, in *sdk.Batch, out *sdk.Output) error {
	t.emitter.begin()
	defer t.finish()
	it := in.Records()
	for it.Next() {
		c := it.Change()
		if c == nil {
			return sdk.Permanent(errMessage)
		}
		tb, err := t.tableOf(ctx, c, in, out)
		if err != nil {
			return err
		}
		if err := t.emitter.change(tb, c, out); err != nil {
			return sdk.Permanent(fmt.Errorf("table %s, %s at %d, row %d: %w: this is a mistake of the source plugin: report it, with this message", tb.name, c.Origin.Log, c.Offset, c.Row, err))
		}
	}
	return it.Err()
}

// tableOf registers no schema for a record that only sinks which keep rows need:
// no topic gets it, and a row of that schema may never follow.
func (t *Transform) tableOf(ctx context.Context, c *sdk.Change, in *sdk.Batch, out *sdk.Output) (*table, error) {
	if _, known := t.known[c.Schema]; known || !c.StateOnly {
		return t.table(ctx, c.Schema, in, out)
	}
	row, err := in.RowSchema(c.Schema)
	if err != nil {
		return nil, err
	}
	unregistered := t.tables
	unregistered.registry = nil
	return unregistered.build(ctx, row, out)
}

func (t *Transform) table(ctx context.Context, id sdk.SchemaID, in *sdk.Batch, out *sdk.Output) (*table, error) {
	if id == t.lastID && t.last != nil {
		return t.last, nil
	}
	tb, ok := t.known[id]
	if !ok {
		var err error
		if tb, err = t.learn(ctx, id, in, out); err != nil {
			return nil, err
		}
	}
	t.last, t.lastID = tb, id
	return tb, nil
}

// learn makes a table known. It may have waited for the registry, so that the
// batch's time has passed.
func (t *Transform) learn(ctx context.Context, id sdk.SchemaID, in *sdk.Batch, out *sdk.Output) (*table, error) {
	row, err := in.RowSchema(id)
	if err != nil {
		return nil, err
	}
	tb, err := t.tables.build(ctx, row, out)
	if err != nil {
		return nil, err
	}
	t.known[id] = tb
	t.emitter.tick()
	return tb, nil
}

// finish adds up what the batch had, as a counter for each message would be dear.
func (t *Transform) finish() {
	t.emitter.trim()
	for _, op := range operations {
		if n := t.emitter.counts[op]; n > 0 {
			t.metrics.made(op).Add(float64(n))
			t.emitter.counts[op] = 0
		}
	}
}

// Health says whether the registry is waited for.
func (t *Transform) Health() error { return t.registry.Health() }

// Close lets go of the registry.
func (t *Transform) Close(context.Context) error {
	t.registry.Close()
	return nil
}
