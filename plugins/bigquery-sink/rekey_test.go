package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
)

const uidField = `{"name":"uid","type":"long"}`

// A table is the state of the source's or a log, and is never made the other.
func TestChangedKey(t *testing.T) {
	t.Parallel()
	const topic = "shop.shop.orders"
	plain, text := values{"id": int64(1), "note": note("a")}, values{"id": int64(1), "note": "a"}
	const textField = `{"name":"note","type":"string"}`
	log := map[string]any{"mode": "append"}
	rule := func(more map[string]any) map[string]any {
		r := map[string]any{"match": `shop\.shop\.orders`, "table": "orders_2"}
		for k, v := range more {
			r[k] = v
		}
		return map[string]any{"rules": []any{r}}
	}
	tests := map[string]struct {
		before, after *relation
		was, is       values
		first, then   map[string]any
		want          []string
		cure          map[string]any
	}{
		"dropped": {
			before: newTable(t, topic, 1, idField, noteField), was: plain, after: newTable(t, topic, 0, idField, noteField), is: plain,
			want: []string{"its primary key is (id), but table `shop`.`orders` has no key now", "mode: append"}, cure: rule(log),
		},
		"of other columns": {
			before: newTable(t, topic, 1, idField, textField), was: text, after: newTable(t, topic, 2, idField, textField), is: text,
			want: []string{"its primary key is (id), but that of the rows is (id, note), the key of table `shop`.`orders` now"}, cure: rule(nil),
		},
		"of a renamed column": {
			before: newTable(t, topic, 1, idField, noteField), was: plain, after: newTable(t, topic, 1, uidField, noteField), is: values{"uid": int64(1), "note": nil},
			want: []string{"its primary key is (id), but that of the rows is (uid)"}, cure: rule(nil),
		},
		"added": {
			before: newTable(t, topic, 0, idField, noteField), was: plain, after: newTable(t, topic, 1, idField, noteField), is: plain,
			want: []string{"it is a log of changes, with the column _leat_op", "table `shop`.`orders` has the key (id) now", `"shop.shop.orders"`}, cure: log,
		},
		"that mode append disregards": {
			before: newTable(t, topic, 1, idField, noteField), was: plain, after: newTable(t, topic, 1, idField, noteField), is: plain, then: log,
			want: []string{"its primary key is (id), as that of a table of mode upsert", `run "ALTER TABLE shop.shop_orders DROP PRIMARY KEY"`}, cure: rule(log),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			connect(t, s, tt.first).write(t, newBatch().upsert(t, tt.before, 1, tt.was))
			before := rows(t, s, "shop_orders")
			changed := newBatch().upsert(t, tt.after, 2, tt.is)
			err := connect(t, s, tt.then).try(changed)
			for _, want := range append(tt.want, "table shop.shop_orders") {
				if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want a permanent error with %q in it", err, want)
				}
			}
			expect(t, s, "shop_orders", before)
			connect(t, s, tt.cure).write(t, changed)
			if name != "added" {
				expect(t, s, "shop_orders", before)
			}
		})
	}
	t.Run("in the order of its columns alone is the same key", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h := connect(t, s, nil)
		row := values{"id": int64(1), "uid": int64(2)}
		h.write(t, newBatch().upsert(t, newTable(t, topic, 2, idField, uidField), 1, row), newBatch().remove(t, newTable(t, topic, 2, uidField, idField), 2, row))
		expect(t, s, "shop_orders", []map[string]any{})
	})
}
