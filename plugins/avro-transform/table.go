package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/leat-io/leat/plugins/avro-transform/internal/debezium"
	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/plugins/avro-transform/internal/naming"
	"github.com/leat-io/leat/plugins/avro-transform/internal/registry"
	"github.com/leat-io/leat/sdk"
)

// table is what is known of a row schema once its message schemas are registered.
type table struct {
	name string
	plan *envelope.Plan
	// target has the context headers; bare has none, for messages whose own
	// headers must stand before them.
	target, bare target
}

// target is made known to each batch anew.
type target struct {
	sdk.Target
	batch  uint64
	number int
}

// in returns the target's number in the current batch.
func (t *target) in(batch uint64, out output) int {
	if t.batch != batch {
		t.batch, t.number = batch, out.Target(&t.Target)
	}
	return t.number
}

// announcer is the part of sdk.Output that makes message schemas known.
type announcer interface {
	MessageSchema(s *sdk.MessageSchema) (sdk.SchemaID, error)
}

// tables builds tables. The registry may be waited for.
type tables struct {
	rules    naming.Rules
	headers  []sdk.Header
	names    *naming.Register
	registry *registry.Client
}

func (t *tables) build(ctx context.Context, row *sdk.RowSchema, out announcer) (*table, error) {
	name := row.Database + "." + row.Table
	tb, err := t.compile(ctx, name, row, out)
	switch {
	case err == nil:
		return tb, nil
	case ctx.Err() != nil:
		return nil, err
	default:
		return nil, sdk.Permanent(fmt.Errorf("table %s: %w", name, err))
	}
}

// compile names the table as Debezium does, or strictly where the registry cannot
// read such a name and the user leaves the choice.
func (t *tables) compile(ctx context.Context, name string, row *sdk.RowSchema, out announcer) (*table, error) {
	names := t.rules.Of(row.Database, row.Table)
	tb, err := t.compileAs(ctx, names, name, row, out)
	strict, free := t.rules.Strict()
	if !free || !errors.Is(err, registry.ErrInvalid) && !errors.Is(err, registry.ErrUnregistered) {
		return tb, err
	}
	if other := strict.Of(row.Database, row.Table); other != names {
		return t.compileAs(ctx, other, name, row, out)
	}
	return nil, err
}

func (t *tables) compileAs(ctx context.Context, names naming.Names, name string, row *sdk.RowSchema, out announcer) (*table, error) {
	if err := t.names.Claim(row.Database, row.Table, names); err != nil {
		return nil, err
	}
	fields, err := t.rules.Fields(columnNames(row))
	if err != nil {
		return nil, err
	}
	schemas, err := debezium.NewTable(row, names.Namespace, fields)
	if err != nil {
		return nil, err
	}
	to := sdk.Target{Topic: names.Topic}
	settings := envelope.Settings{Row: row, Fields: fields, Name: t.rules.TopicPrefix}
	if key := schemas.Key(); key != nil {
		settings.KeyID, to.KeySchema, err = t.register(ctx, registry.Schema{Subject: names.KeySubject, Table: name, Avro: key}, nil, out)
		if err != nil {
			return nil, err
		}
	}
	settings.ValueID, to.ValueSchema, err = t.register(ctx, registry.Schema{Subject: names.ValueSubject, Table: name, Avro: schemas.Envelope()}, row, out)
	if err != nil {
		return nil, err
	}
	plan, err := envelope.Compile(settings)
	if err != nil {
		return nil, err
	}
	tb := &table{name: name, plan: plan, target: target{Target: to}, bare: target{Target: to}}
	tb.target.Headers = t.headers
	return tb, nil
}

// register gets the id of a schema and makes the schema known to the sinks, with
// the row that it was made from, which the registry never sees.
func (t *tables) register(ctx context.Context, s registry.Schema, row *sdk.RowSchema, out announcer) (int32, sdk.SchemaID, error) {
	var id int32
	if t.registry != nil {
		var err error
		if id, err = t.registry.Ensure(ctx, s); err != nil {
			return 0, 0, err
		}
	}
	announced, err := out.MessageSchema(&sdk.MessageSchema{Subject: s.Subject, Registered: id, Avro: s.Avro, Row: row})
	return id, announced, err
}

func columnNames(row *sdk.RowSchema) []string {
	names := make([]string, len(row.Columns))
	for i := range row.Columns {
		names[i] = row.Columns[i].Name
	}
	return names
}
