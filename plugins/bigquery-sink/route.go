package main

import (
	"context"
	"errors"
	"fmt"

	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/fault"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/lane"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/table"
	"github.com/leat-io/leat/sdk"
)

var errChange = errors.New("a change is not a message: give the pipeline a transform that makes messages, such as avro-transform")

// router finds the lane of each message, and makes lanes for new topics.
type router struct {
	sink     *sink
	settings *lane.Settings
	byTopic  map[string]*destination
	byPlace  map[place]string // topic
}

func newRouter(s *sink) *router {
	return &router{sink: s, settings: s.laneSettings(), byTopic: map[string]*destination{}, byPlace: map[place]string{}}
}

// destination is the table of a topic.
type destination struct {
	topic string
	place place
	lane  *lane.Lane
	open  *lane.Work // the last of the batch at hand
}

// source is what a batch knows of a target.
type source struct {
	to      *destination
	schemas lane.Schemas
}

// send hands the messages over, in runs of one table and the same schemas.
func (r *router) send(b *sdk.Batch, held *lane.Batch) error {
	sources := map[*sdk.Target]*source{}
	defer func() {
		for _, s := range sources {
			s.to.finish()
		}
	}()
	it := b.Records()
	for it.Next() {
		m := it.Message()
		if m == nil {
			return sdk.Permanent(errChange)
		}
		t := it.Target()
		from := sources[t]
		if from == nil {
			var err error
			if from, err = r.source(b, t); err != nil {
				return err
			}
			sources[t] = from
		}
		from.add(held, m)
	}
	return it.Err()
}

func (r *router) source(b *sdk.Batch, t *sdk.Target) (*source, error) {
	to, err := r.destination(t.Topic)
	if err != nil {
		return nil, err
	}
	s := &source{to: to, schemas: lane.Schemas{KeyID: t.KeySchema, ValueID: t.ValueSchema}}
	if t.ValueSchema == 0 {
		return nil, sdk.Permanent(fmt.Errorf("topic %q has messages without an Avro schema: give the pipeline a transform that makes Avro, such as avro-transform", t.Topic))
	}
	if s.schemas.Value, err = b.MessageSchema(t.ValueSchema); err != nil {
		return nil, err
	}
	if t.KeySchema != 0 {
		s.schemas.Key, err = b.MessageSchema(t.KeySchema)
	}
	return s, err
}

// destination makes the lane of a new topic.
func (r *router) destination(topic string) (*destination, error) {
	if d, ok := r.byTopic[topic]; ok {
		return d, nil
	}
	p, err := r.sink.config.placeOf(topic)
	if err != nil {
		return nil, err
	}
	at := place{dataset: p.dataset, table: p.table}
	if other, ok := r.byPlace[at]; ok {
		return nil, sdk.Permanent(fmt.Errorf("topics %q and %q both go to table %v: give one of them another table by a rule", other, topic, p))
	}
	d := &destination{topic: topic, place: p}
	d.lane = lane.Start(r.sink.life, p.String(), r.settings, func(ctx context.Context, s lane.Schemas) (*lane.Route, error) {
		return r.sink.prepare(ctx, d, s)
	})
	r.byTopic[topic], r.byPlace[at] = d, topic
	return d, nil
}

// add puts a message behind the others of its table.
func (s *source) add(held *lane.Batch, m *sdk.Message) {
	w := s.to.open
	if w == nil || w.Schemas != s.schemas {
		s.to.finish()
		held.Hold()
		w = &lane.Work{Schemas: s.schemas, Batch: held}
		s.to.open = w
	}
	w.Messages = append(w.Messages, row.Message{Key: m.Key, Value: m.Value, Order: m.Order})
}

// finish hands over what is open.
func (d *destination) finish() {
	if d.open != nil {
		d.lane.Push(d.open)
		d.open = nil
	}
}

// close lets the lanes end after what they have.
func (r *router) close() {
	for _, d := range r.byTopic {
		d.lane.Close()
	}
	for _, d := range r.byTopic {
		<-d.lane.Done()
	}
}

// prepare makes a table fit for rows of the schemas.
func (s *sink) prepare(ctx context.Context, d *destination, schemas lane.Schemas) (*lane.Route, error) {
	var key []byte
	if schemas.Key != nil {
		key = schemas.Key.Avro
	}
	e, err := schema.ParseEnvelope(schemas.Value.Avro, key)
	if err != nil {
		return nil, sdk.Permanent(fmt.Errorf("topic %q, subject %q: %w", d.topic, schemas.Value.Subject, err))
	}
	upsert := d.place.upsert && len(key) > 0
	columns, keys, err := s.store.Ensure(ctx, table.Spec{
		Dataset: d.place.dataset, Table: d.place.table, Topic: d.topic, Columns: e.Columns, KeyColumns: e.KeyColumns,
		Upsert: upsert, MaxStaleness: s.config.MaxStaleness, Partition: s.config.partition(),
	})
	if err != nil {
		return nil, err
	}
	plan, err := row.Compile(row.Settings{Envelope: e, Columns: columns, KeyColumns: keys, Upsert: upsert})
	if err != nil {
		return nil, sdk.Permanent(fmt.Errorf("table %v: %w", d.place, err))
	}
	stream, err := s.clients.Write.NewManagedStream(s.life, //nolint:contextcheck // it outlives the call
		managedwriter.WithType(managedwriter.DefaultStream),
		managedwriter.WithDestinationTable(s.store.Path(d.place.dataset, d.place.table)),
		managedwriter.WithSchemaDescriptor(plan.Descriptor()),
		managedwriter.WithTraceID("leat:"+s.env.Pipeline),
	)
	if err != nil {
		return nil, fault.Explain(fmt.Errorf("open stream of table %v: %w", d.place, err))
	}
	return &lane.Route{Plan: plan, Stream: stream}, nil
}
