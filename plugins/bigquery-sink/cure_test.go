package main

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	gbq "cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/sdk"
)

var statement = regexp.MustCompile(`run "([^"]+)"`)

// Whoever does what a permanent error says, and restarts the pipeline, has it run.
func TestCures(t *testing.T) {
	t.Parallel()
	const exact = `{"name":"age","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}],"default":null}`
	rule := func(more map[string]any) map[string]any {
		r := map[string]any{"match": `shop\.shop\.orders`}
		maps.Copy(r, more)
		return map[string]any{"rules": []any{r}}
	}
	field := func(name string, typ gbq.FieldType) *gbq.FieldSchema { return &gbq.FieldSchema{Name: name, Type: typ} }
	existing := func(fields ...*gbq.FieldSchema) func(*testing.T, *bigquery.Server) {
		return func(t *testing.T, s *bigquery.Server) { create(t, s, "shop_orders", fields, "id") }
	}
	tests := map[string]struct {
		before func(*testing.T, *bigquery.Server)
		config map[string]any
		fields []string
		row    values
		want   string         // in the error, with "run …" if a statement is to be run
		cure   map[string]any // what is configured then
	}{
		"a table without a key": {
			before: func(t *testing.T, s *bigquery.Server) {
				create(t, s, "shop_orders", gbq.Schema{field("id", gbq.IntegerFieldType)})
			},
			want: "run \"ALTER TABLE shop.shop_orders ADD PRIMARY KEY (`id`) NOT ENFORCED\"",
		},
		"a table without a key, as a log": {
			before: func(t *testing.T, s *bigquery.Server) {
				create(t, s, "shop_orders", gbq.Schema{field("id", gbq.IntegerFieldType)})
			},
			want: "or set mode to append for it by a rule", cure: rule(map[string]any{"mode": "append"}),
		},
		"a table with a key, as a log": {
			before: existing(field("id", gbq.IntegerFieldType)), config: map[string]any{"mode": "append"},
			want: `run "ALTER TABLE shop.shop_orders DROP PRIMARY KEY"`, cure: map[string]any{"mode": "append"},
		},
		"a column that is too narrow": {
			before: existing(field("id", gbq.IntegerFieldType), field("age", gbq.IntegerFieldType)),
			fields: []string{idField, exact}, row: values{"id": int64(1), "age": nil},
			want: "run \"ALTER TABLE shop.shop_orders ALTER COLUMN `age` SET DATA TYPE NUMERIC\"",
		},
		"a column that is to have fractions": {
			before: existing(field("id", gbq.IntegerFieldType), field("age", gbq.IntegerFieldType)),
			fields: []string{idField, `{"name":"age","type":["null","double"],"default":null}`}, row: values{"id": int64(1), "age": map[string]any{"double": 1.5}},
			want: "run \"ALTER TABLE shop.shop_orders ALTER COLUMN `age` SET DATA TYPE FLOAT64\"",
		},
		"a column of another type, which BigQuery does not alter": {
			before: existing(field("id", gbq.IntegerFieldType), field("age", gbq.BooleanFieldType)),
			fields: []string{idField, ageField}, row: values{"id": int64(1), "age": age(7)},
			want: "or write to another table by a rule", cure: rule(map[string]any{"table": "orders_2"}),
		},
		"a key that BigQuery has not": {
			fields: []string{`{"name":"id","type":"double"}`}, row: values{"id": 1.5},
			want: "set mode to append for it by a rule", cure: rule(map[string]any{"mode": "append"}),
		},
		"a dataset that is missing": {
			config: map[string]any{"create_dataset": false}, want: `create the dataset "shop" in project "p", or set create_dataset`,
		},
		"a row that is too large": {
			config: map[string]any{"max_request_bytes": "256KiB"}, row: values{"id": int64(1), "note": note(strings.Repeat("x", 400_000))},
			want: "more than max_request_bytes of 262144: raise that", cure: map[string]any{"max_request_bytes": "1MiB"},
		},
		"a value that BigQuery has not": {
			fields: []string{idField, `{"name":"day","type":{"type":"int","connect.name":"io.debezium.time.Date"}}`}, row: values{"id": int64(1), "day": -800_000},
			want: "or set on_row_error to skip", cure: map[string]any{"on_row_error": "skip"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			if tt.before != nil {
				tt.before(t, s)
			}
			r, v := orders(t), values{"id": int64(1), "note": nil}
			if tt.fields != nil {
				r = newTable(t, "shop.shop.orders", 1, tt.fields...)
			}
			if tt.row != nil {
				v = tt.row
			}
			b := newBatch().upsert(t, r, 1, v)
			err := connect(t, s, tt.config).try(b)
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got  %v\nwant a permanent error with %s", err, tt.want)
			}
			if m := statement.FindStringSubmatch(tt.want); m != nil {
				sql(t, s, m[1])
			}
			connect(t, s, tt.cure).write(t, b)
		})
	}
}
