package main

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/hamba/avro/v2"

	"github.com/leat-io/leat/sdk"
)

// announced is a schema as a host makes it known.
type announced struct {
	id      sdk.SchemaID
	payload []byte
	avro    avro.Schema
}

func newAnnounced(t *testing.T, subject, schema string) *announced {
	t.Helper()
	payload, id, err := sdk.Schema{Message: &sdk.MessageSchema{Subject: subject, Registered: 7, Avro: []byte(schema)}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := avro.ParseWithCache(schema, "", &avro.SchemaCache{})
	if err != nil {
		t.Fatalf("%v in %s", err, schema)
	}
	return &announced{id: id, payload: payload, avro: s}
}

// encode writes Confluent's wire format.
func (a *announced) encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := avro.Marshal(a.avro, v)
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
	tb.value = newAnnounced(t, topic+"-value", fmt.Sprintf(envelope, topic, strings.Join(fields, ",")))
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

// payload packs messages as docs/protocol.md says; the SDK packs only for
// transforms that it runs.
type payload struct {
	buf     []byte
	count   uint32
	tables  []*relation
	targets map[*relation]int
}

func batch() *payload { return &payload{targets: map[*relation]int{}} }

// change adds a change; order is its place.
func (p *payload) change(t *testing.T, tb *relation, op string, order uint64, before, after values) *payload {
	t.Helper()
	keyed := after
	if op == "d" {
		keyed = before
	}
	optional := func(r values) any {
		if r == nil {
			return nil
		}
		return map[string]any{tb.union: r}
	}
	value := tb.value.encode(t, map[string]any{
		"before": optional(before), "after": optional(after), "op": op, "transaction": nil, "ts_ms": nil,
		"source": map[string]any{
			"version": "1", "ts_ms": int64(sourceTime), "snapshot": map[string]any{"string": "false"},
			"ts_us": map[string]any{"long": int64(sourceTime*1000 + 456)},
		},
	})
	var key []byte
	if tb.key != nil && keyed != nil {
		key = tb.key.encode(t, keyed)
	}
	return p.message(tb, sdk.Message{Key: key, Value: value, Order: [4]uint64{1, 2, order, 1}})
}

// upsert and remove are changes of a table.
func (p *payload) upsert(t *testing.T, tb *relation, order uint64, after values) *payload {
	t.Helper()
	return p.change(t, tb, "c", order, nil, after)
}

func (p *payload) remove(t *testing.T, tb *relation, order uint64, before values) *payload {
	t.Helper()
	return p.change(t, tb, "d", order, before, nil)
}

// message adds a message, and its target if that is new.
func (p *payload) message(tb *relation, m sdk.Message) *payload {
	target, ok := p.targets[tb]
	if !ok {
		var key sdk.SchemaID
		if tb.key != nil {
			key = tb.key.id
		}
		target = len(p.targets)
		p.targets[tb] = target
		p.tables = append(p.tables, tb)
		b := appendBytes(nil, []byte(tb.topic))
		b = binary.LittleEndian.AppendUint64(b, uint64(key))
		b = binary.LittleEndian.AppendUint64(b, uint64(tb.value.id))
		p.entry(3, binary.AppendUvarint(b, 0))
	}
	b := binary.AppendUvarint(nil, uint64(target))
	var flags byte
	if m.Key != nil {
		flags |= 1
	}
	if m.Value != nil {
		flags |= 2
	}
	b = binary.AppendVarint(append(b, flags), m.Time)
	for _, n := range m.Order {
		b = binary.AppendUvarint(b, n)
	}
	for _, part := range [][]byte{m.Key, m.Value} {
		if part != nil {
			b = appendBytes(b, part)
		}
	}
	p.entry(4, binary.AppendUvarint(b, 0))
	p.count++
	return p
}

func (p *payload) entry(kind byte, body []byte) {
	p.buf = append(p.buf, kind)
	p.buf = binary.LittleEndian.AppendUint32(p.buf, uint32(len(body)))
	p.buf = append(p.buf, body...)
}

func appendBytes(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}
