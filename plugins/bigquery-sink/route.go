package main

import (
	"context"
	"errors"
	"fmt"

	"cloud.google.com/go/bigquery/storage/managedwriter"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/lane"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/name"
	"github.com/leat-io/leat/plugins/bigquery-sink/internal/row"
	"github.com/leat-io/leat/sdk"
)

var errChange = errors.New("a change is not a message: give the pipeline a transform that makes messages, such as avro-transform")

// router finds the lane of each message, and makes lanes for new tables.
type router struct {
	sink     *sink
	settings *lane.Settings
	bySource map[name.Source]*destination
	byPlace  map[place]name.Source
}

func newRouter(s *sink) *router {
	return &router{sink: s, settings: s.laneSettings(), bySource: map[name.Source]*destination{}, byPlace: map[place]name.Source{}}
}

// destination is the table in BigQuery of a table of the source.
type destination struct {
	from  name.Source
	place place
	lane  *lane.Lane
	open  *lane.Work // the last of the batch at hand

	stream *managedwriter.ManagedStream // of the lane, nil before its first rows
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
	if t.ValueSchema == 0 {
		return nil, sdk.Permanent(fmt.Errorf("topic %q has messages without an Avro schema: give the pipeline a transform that makes Avro, such as avro-transform", t.Topic))
	}
	schemas := lane.Schemas{KeyID: t.KeySchema, ValueID: t.ValueSchema}
	var err error
	if schemas.Value, err = b.MessageSchema(t.ValueSchema); err != nil {
		return nil, err
	}
	if t.KeySchema != 0 {
		if schemas.Key, err = b.MessageSchema(t.KeySchema); err != nil {
			return nil, err
		}
	}
	from := name.Source{Topic: t.Topic}
	if row := schemas.Value.Row; row != nil {
		from.Database, from.Table = row.Database, row.Table
	}
	to, err := r.destination(from)
	return &source{to: to, schemas: schemas}, err
}

// destination makes the lane of a new table.
func (r *router) destination(from name.Source) (*destination, error) {
	if d, ok := r.bySource[from]; ok {
		return d, nil
	}
	p, err := r.sink.config.placeOf(from)
	if err != nil {
		return nil, err
	}
	at := place{dataset: p.dataset, table: p.table}
	if other, ok := r.byPlace[at]; ok {
		return nil, sdk.Permanent(fmt.Errorf("topics %q and %q both go to table %v, as %v and %v have the same name there: give one of them another table by a rule",
			other.Topic, from.Topic, p, other, from))
	}
	d := &destination{from: from, place: p}
	d.lane = lane.Start(r.sink.life, p.String(), r.settings, func(ctx context.Context, s lane.Schemas) (*lane.Route, error) {
		return r.sink.prepare(ctx, d, s)
	})
	r.bySource[from], r.byPlace[at] = d, from
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
	w.Messages = append(w.Messages, row.Message{Key: m.Key, Value: m.Value, Order: m.Order, StateOnly: m.StateOnly})
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
	for _, d := range r.bySource {
		d.lane.Close()
	}
	for _, d := range r.bySource {
		<-d.lane.Done()
	}
}
