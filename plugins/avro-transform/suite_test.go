package main

import (
	"encoding/binary"
	"testing"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// The transform is one that the host can rely on.
func TestSuite(t *testing.T) {
	registry := registrytest.New(t)
	orders := &sdk.RowSchema{Database: "shop", Table: "orders", Columns: items.Columns, Key: items.Key}
	change := func(row *sdk.RowSchema, c sdk.Change) sdktest.Record {
		o := origin
		c.Origin = &o
		return sdktest.Record{Change: &c, Row: row}
	}
	create := func(row *sdk.RowSchema, id int32) sdktest.Record {
		return change(row, sdk.Change{Op: sdk.Create, Key: itemKey(id, "k"), After: item(id, "k", 1)})
	}
	sdktest.Transform(t, sdktest.TransformDriver{
		Driver: sdktest.Driver{
			New: newPlugin, Config: settings(registry, map[string]any{"headers": "key_change"}),
			Invalid: map[string]any{
				"headers":      settings(registry, map[string]any{"headers": "some"}),
				"topic_prefix": map[string]any{"registry": map[string]any{"urls": []string{registry.URL}}},
			},
		},
		Batches: [][]sdktest.Record{
			{create(items, 1), create(orders, 1), create(items, 2)},
			{
				change(items, sdk.Change{Op: sdk.Delete, Key: itemKey(1, "k"), Before: item(1, "k", 1)}),
				change(items, sdk.Change{Op: sdk.Update, Key: itemKey(3, "k"), OldKey: itemKey(2, "k"), Before: item(2, "k", 1), After: item(3, "k", 1)}),
			},
			{create(orders, 2)},
		},
		Check: func(t *testing.T, in, out []sdktest.Record) {
			if want := messages(in); len(out) != want {
				t.Errorf("%d changes became %d messages, want %d", len(in), len(out), want)
			}
			for _, r := range out {
				if r.Message == nil || r.KeySchema == nil || r.ValueSchema == nil {
					t.Errorf("record %+v is not a message with both schemas", r)
				}
			}
		},
		Normal: withoutTime,
		Bad: map[string]sdktest.Record{
			"a message":                       {Message: &sdk.Message{Value: []byte("x")}, Target: &sdk.Target{Topic: "t"}},
			"a row that is not of its schema": change(items, sdk.Change{Op: sdk.Create, Key: itemKey(1, "k"), After: []byte{1}}),
		},
	})
}

// messages counts what becomes of changes: a delete has a tombstone, and an
// update that changes the key is a delete, a tombstone and an insert.
func messages(in []sdktest.Record) int {
	n := 0
	for _, r := range in {
		switch {
		case r.Change.OldKey != nil:
			n += 3
		case r.Change.Op == sdk.Delete:
			n += 2
		default:
			n++
		}
	}
	return n
}

// withoutTime takes out when a message was made: the last three numbers of an
// envelope, each behind the index of its union.
func withoutTime(r sdktest.Record) sdktest.Record {
	if r.Message == nil {
		return r
	}
	m := *r.Message
	m.Time = 0
	if at := r.Message.Time; m.Value != nil {
		m.Value = m.Value[:len(m.Value)-timeBytes(at)-timeBytes(at*1e3)-timeBytes(at*1e6)]
	}
	r.Message = &m
	return r
}

// timeBytes is the length of a time of about t: its digits differ, not their number.
func timeBytes(t int64) int { return 1 + len(binary.AppendVarint(nil, t)) }
