package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
)

func logged(op, order string, more values) map[string]any {
	out := map[string]any{
		"_leat_op": op, "_leat_order": "0000000000000001/0000000000000002/" + order + "/0000000000000001",
		"_leat_ts": time.UnixMicro(sourceTime*1000 + 456).UTC(),
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}

func TestAppend(t *testing.T) {
	t.Parallel()
	type change struct {
		op            string
		before, after values
	}
	old, young := values{"id": int64(1), "note": note("old")}, values{"id": int64(1), "note": note("young")}
	changes := []change{{"c", nil, old}, {"u", old, young}, {"d", young, nil}}
	want := []map[string]any{
		logged("c", "0000000000000000", values{"id": int64(1), "note": "old"}),
		logged("u", "0000000000000001", values{"id": int64(1), "note": "young"}),
		logged("d", "0000000000000002", values{"id": int64(1), "note": "young"}),
	}
	tests := map[string]struct {
		keys   int
		config map[string]any
	}{
		"a table without a key":  {0, nil},
		"a table in append mode": {1, map[string]any{"mode": "append"}},
		"a table by a rule":      {1, map[string]any{"rules": []any{map[string]any{"match": `shop\..*\.orders`, "mode": "append"}}}},
		"partitioned by time":    {0, map[string]any{"partition": "day", "labels": map[string]any{"team": "data"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			r := newTable(t, "shop.shop.orders", tt.keys, idField, noteField)
			b := newBatch()
			for i, c := range changes {
				b.change(t, r, c.op, uint64(i), c.before, c.after)
			}
			connect(t, s, tt.config).write(t, b)
			expect(t, s, "shop_orders", want)
		})
	}

	t.Run("a change that is written twice has the same order twice", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		r := newTable(t, "shop.shop.orders", 0, idField, noteField)
		b := newBatch().upsert(t, r, 0, old)
		connect(t, s, nil).write(t, b, b)
		expect(t, s, "shop_orders", []map[string]any{want[0], want[0]})
	})
}

func TestSkipped(t *testing.T) {
	t.Parallel()
	s := warehouse(t)
	h := connect(t, s, map[string]any{"truncate": "ignore"})
	r := orders(t)
	b := newBatch().upsert(t, r, 1, values{"id": int64(1), "note": nil})
	b.message(r, sdk.Message{Key: r.key.encode(t, values{"id": int64(1)})}) // a tombstone without its delete
	b.change(t, r, "t", 2, nil, nil)
	b.change(t, r, "m", 3, nil, nil)
	h.write(t, b)
	log, err := s.Table("shop", "shop_orders").Log()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(1, len(log)); diff != "" {
		t.Errorf("changes written (-want +got):\n%s", diff)
	}
}
