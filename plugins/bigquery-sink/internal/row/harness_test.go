package row

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hamba/avro/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/leat-io/leat/plugins/bigquery-sink/internal/schema"
)

type values = map[string]any

// relation is a pair of schemas with a plan for them.
type relation struct {
	plan       *Plan
	key, value avro.Schema
	api        avro.API // of its own, as encoders are cached by names
	upsert     bool
}

const envelope = `{"type":"record","name":"Envelope","namespace":"t","fields":[
 {"name":"before","type":["null",{"type":"record","name":"Value","fields":[%s]}],"default":null},
 {"name":"after","type":["null","Value"],"default":null},
 {"name":"source","type":{"type":"record","name":"Source","namespace":"s","fields":[
  {"name":"version","type":"string"},{"name":"ts_ms","type":"long"},{"name":"ts_us","type":["null","long"],"default":null},
  {"name":"more","type":["null",{"type":"map","values":{"type":"array","items":["null","string",{"type":"fixed","name":"F","size":2}]}}],"default":null}]}},
 {"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"],"default":null}]}`

func newRelation(t testing.TB, upsert bool, fields ...string) *relation {
	t.Helper()
	return compiled(t, upsert, fmt.Sprintf(envelope, strings.Join(fields, ",")),
		fmt.Sprintf(`{"type":"record","name":"Key","namespace":"t","fields":[%s]}`, fields[0]))
}

func compiled(t testing.TB, upsert bool, value, key string) *relation {
	t.Helper()
	e, err := schema.ParseEnvelope([]byte(value), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Compile(Settings{Envelope: e, Columns: e.Columns, KeyColumns: e.KeyColumns, Upsert: upsert})
	if err != nil {
		t.Fatal(err)
	}
	r := &relation{plan: plan, api: avro.Config{}.Freeze(), upsert: upsert}
	for s, to := range map[string]*avro.Schema{value: &r.value, key: &r.key} {
		if *to, err = avro.ParseWithCache(s, "", &avro.SchemaCache{}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *relation) encode(t testing.TB, s avro.Schema, v values) []byte {
	t.Helper()
	b, err := r.api.Marshal(s, v)
	if err != nil {
		t.Fatalf("encode %v: %v", v, err)
	}
	return append([]byte{0, 0, 0, 0, 1}, b...)
}

// message makes a change of a row.
func (r *relation) message(t testing.TB, op string, before, after values) *Message {
	t.Helper()
	optional := func(v values) any {
		if v == nil {
			return nil
		}
		return values{"t.Value": v}
	}
	m := &Message{Order: [4]uint64{1, 0xabc, 10, 1<<64 - 1}}
	m.Value = r.encode(t, r.value, values{
		"before": optional(before), "after": optional(after), "op": op, "ts_ms": nil,
		"source": values{"version": "1", "ts_ms": int64(5), "ts_us": nil, "more": values{"map": values{"a": []any{nil, values{"string": "x"}}}}},
	})
	keyed := after
	if keyed == nil {
		keyed = before
	}
	if keyed != nil {
		m.Key = r.encode(t, r.key, keyed)
	}
	return m
}

// decode reads a row by its descriptor, as BigQuery does.
func (p *Plan) decode(t testing.TB, row []byte) string {
	t.Helper()
	name, syntax := "t.proto", "proto2"
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: &name, Syntax: &syntax, MessageType: []*descriptorpb.DescriptorProto{p.descriptor},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := dynamicpb.NewMessage(file.Messages().Get(0))
	if err := proto.Unmarshal(row, m); err != nil {
		t.Fatalf("row %x: %v", row, err)
	}
	if len(m.GetUnknown()) > 0 {
		t.Fatalf("row %x has fields that are not known", row)
	}
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(text), `": `, `":`), `, "`, `,"`) // its blanks change from run to run
}

func golden(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
