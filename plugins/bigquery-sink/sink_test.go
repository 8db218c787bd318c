package main

import (
	"testing"
)

const (
	idField   = `{"name":"id","type":"long"}`
	noteField = `{"name":"note","type":["null","string"],"default":null}`
)

func orders(t *testing.T) *relation {
	t.Helper()
	return newTable(t, "shop.shop.orders", 1, idField, noteField)
}

func note(s string) any { return map[string]any{"string": s} }

func TestUpsert(t *testing.T) {
	t.Parallel()
	type change struct {
		op    string
		order uint64
		row   values
	}
	tests := map[string]struct {
		changes []change
		want    []map[string]any
	}{
		"inserts, replaces and deletes": {
			changes: []change{
				{"c", 1, values{"id": int64(1), "note": note("a")}},
				{"r", 2, values{"id": int64(2), "note": note("b")}},
				{"u", 3, values{"id": int64(1), "note": nil}},
				{"c", 4, values{"id": int64(3), "note": note("c")}},
				{"d", 5, values{"id": int64(2), "note": note("b")}},
			},
			want: []map[string]any{{"id": int64(1), "note": nil}, {"id": int64(3), "note": "c"}},
		},
		"an older values does not replace a newer one": {
			changes: []change{{"u", 9, values{"id": int64(1), "note": note("new")}}, {"u", 8, values{"id": int64(1), "note": note("old")}}},
			want:    []map[string]any{{"id": int64(1), "note": "new"}},
		},
		"an older values does not come back after its delete": {
			changes: []change{{"d", 9, values{"id": int64(1), "note": nil}}, {"u", 8, values{"id": int64(1), "note": note("old")}}},
			want:    []map[string]any{},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			h := connect(t, s, nil)
			tb := orders(t)
			b := func() *batch {
				p := newBatch()
				for _, c := range tt.changes {
					if c.op == "d" {
						p.remove(t, tb, c.order, c.row)
					} else {
						p.change(t, tb, c.op, c.order, nil, c.row)
					}
				}
				return p
			}
			h.write(t, b())
			expect(t, s, "shop_orders", tt.want)
			h.write(t, b(), b()) // as after a restart
			expect(t, s, "shop_orders", tt.want)
		})
	}
}
