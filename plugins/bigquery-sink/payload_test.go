package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hamba/avro/v2"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// announced is a schema and what it is announced as.
type announced struct {
	sdk.MessageSchema
	avro avro.Schema
	api  avro.API // of its own: encoders are cached by names, which tests use again
}

func newAnnounced(t *testing.T, subject, schema string) *announced {
	t.Helper()
	s, err := avro.ParseWithCache(schema, "", &avro.SchemaCache{})
	if err != nil {
		t.Fatalf("%v in %s", err, schema)
	}
	return &announced{sdk.MessageSchema{Subject: subject, Registered: 7, Avro: []byte(schema)}, s, avro.Config{}.Freeze()}
}

// of says which table the envelopes are of, the last two parts of the topic.
func (a *announced) of(topic string) *announced {
	parts := strings.Split(topic, ".")
	a.Row = &sdk.RowSchema{Database: parts[len(parts)-2], Table: parts[len(parts)-1]}
	for _, f := range a.avro.(*avro.RecordSchema).Fields() {
		if f.Name() != "after" {
			continue
		}
		for _, c := range f.Type().(*avro.UnionSchema).Types()[1].(*avro.RefSchema).Schema().(*avro.RecordSchema).Fields() {
			a.Row.Columns = append(a.Row.Columns, sdk.Column{Name: c.Name(), Type: columnType(c.Type())})
		}
	}
	return a
}

// columnType is the type that the column of a row has, whose envelope has s.
func columnType(s avro.Schema) sdk.Type {
	if u, ok := s.(*avro.UnionSchema); ok {
		_, value := u.Indices()
		s = u.Types()[value]
	}
	switch t := s.Type(); t {
	case avro.Record:
		return sdk.Geometry
	case avro.Array:
		return sdk.Vector
	case avro.Enum, avro.Fixed, avro.Map:
		return sdk.Bytes
	default:
		return sdk.Type(t)
	}
}

// encode writes Confluent's wire format.
func (a *announced) encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := a.api.Marshal(a.avro, v)
	if err != nil {
		t.Fatalf("encode %v: %v", v, err)
	}
	return append([]byte{0, 0, 0, 0, 7}, b...)
}

// values are those of a row by column.
type values = map[string]any

// relation is a table of the source, as its topic shows it.
type relation struct {
	topic      string
	key, value *announced
	keyColumns []string
	union      string // name of the row in a union
}

const envelope = `{"type":"record","name":"Envelope","namespace":"%[1]s","fields":[
 {"name":"before","type":["null",{"type":"record","name":"Value","fields":[%[2]s]}],"default":null},
 {"name":"after","type":["null","Value"],"default":null},
 {"name":"source","type":{"type":"record","name":"Source","namespace":"io.debezium.connector.mysql","fields":[
  {"name":"version","type":"string"},{"name":"ts_ms","type":"long"},
  {"name":"snapshot","type":[{"type":"string","connect.name":"io.debezium.data.Enum"},"null"],"default":"false"},
  {"name":"ts_us","type":["null","long"],"default":null}]}},
 {"name":"transaction","type":["null",{"type":"record","name":"block","namespace":"event","fields":[{"name":"id","type":"string"}]}],"default":null},
 {"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"],"default":null}]}`

// newTable makes the schemas of a table: fields as Avro writes them, the first
// keys of which are its key.
func newTable(t *testing.T, topic string, keys int, fields ...string) *relation {
	t.Helper()
	tb := &relation{topic: topic, union: topic + ".Value"}
	tb.value = newAnnounced(t, topic+"-value", fmt.Sprintf(envelope, topic, strings.Join(fields, ","))).of(topic)
	if keys == 0 {
		return tb
	}
	tb.key = newAnnounced(t, topic+"-key", fmt.Sprintf(`{"type":"record","name":"Key","namespace":"%s","fields":[%s]}`, topic, strings.Join(fields[:keys], ",")))
	for _, f := range tb.key.avro.(*avro.RecordSchema).Fields() {
		tb.keyColumns = append(tb.keyColumns, f.Name())
	}
	return tb
}

const sourceTime = 1_700_000_000_123

// batch is what is sent at once.
type batch struct{ records []sdktest.Record }

func newBatch() *batch { return &batch{} }

// change adds a change; order is its place.
func (b *batch) change(t *testing.T, r *relation, op string, order uint64, before, after values) *batch {
	t.Helper()
	keyed := after
	if op == "d" {
		keyed = before
	}
	optional := func(v values) any {
		if v == nil {
			return nil
		}
		return map[string]any{r.union: v}
	}
	value := r.value.encode(t, map[string]any{
		"before": optional(before), "after": optional(after), "op": op, "transaction": nil, "ts_ms": nil,
		"source": map[string]any{
			"version": "1", "ts_ms": int64(sourceTime), "snapshot": map[string]any{"string": "false"},
			"ts_us": map[string]any{"long": int64(sourceTime*1000 + 456)},
		},
	})
	var key []byte
	if r.key != nil && keyed != nil {
		key = r.key.encode(t, keyed)
	}
	return b.message(r, sdk.Message{Key: key, Value: value, Order: [4]uint64{1, 2, order, 1}})
}

// upsert and remove are changes of a row.
func (b *batch) upsert(t *testing.T, r *relation, order uint64, after values) *batch {
	t.Helper()
	return b.change(t, r, "c", order, nil, after)
}

func (b *batch) remove(t *testing.T, r *relation, order uint64, before values) *batch {
	t.Helper()
	return b.change(t, r, "d", order, before, nil)
}

func (b *batch) message(r *relation, m sdk.Message) *batch {
	b.records = append(b.records, r.record(m))
	return b
}

// record adds the schemas of the relation to a message.
func (r *relation) record(m sdk.Message) sdktest.Record {
	out := sdktest.Record{Message: &m, Target: &sdk.Target{Topic: r.topic}, ValueSchema: &r.value.MessageSchema}
	if r.key != nil {
		out.KeySchema = &r.key.MessageSchema
	}
	return out
}
