package main

import (
	"fmt"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// The sink is one more that the host can rely on. A log of changes shows what
// was written and in which order.
func TestSuite(t *testing.T) {
	s := warehouse(t)
	r := newTable(t, "shop.shop.suite", 1, `{"name":"k","type":"long"}`, `{"name":"n","type":"long"}`)
	config := settings(s, map[string]any{"mode": "append"})
	sdktest.Sink(t, sdktest.SinkDriver{
		Driver: sdktest.Driver{
			New: newPlugin, Config: config, Leaks: leaks,
			Invalid: map[string]any{"mode": settings(s, map[string]any{"mode": "merge"}), "dataset": map[string]any{"project": "p"}},
			Faults: []sdktest.Fault{{Name: "credentials that are none", Config: map[string]any{
				"project": "p", "dataset": "shop", "credentials_json": "{}",
			}}},
		},
		Record: func(n int) sdktest.Record {
			return newBatch().upsert(t, r, uint64(n), values{"k": int64(n % 3), "n": int64(n)}).records[0]
		},
		Written: func(t *testing.T) []int {
			log, err := s.Table("shop", "shop_suite").Log()
			if err != nil {
				return nil // there is no table before the first row
			}
			var out []int
			for _, c := range log {
				out = append(out, int(c.Row["n"].(int64)))
			}
			return out
		},
		Bad: map[string]sdktest.Record{
			"a message without an Avro schema": {
				Message: &sdk.Message{Value: []byte("{}")}, Target: &sdk.Target{Topic: "shop.shop.json"},
			},
			"a value that is not of its schema": r.record(sdk.Message{Value: []byte{0, 0, 0, 0, 7, 99}}),
			"an operation that is not known":    newBatch().change(t, r, "x", 1, nil, values{"k": int64(1), "n": int64(0)}).records[0],
			"a value that is no envelope": {
				Message: &sdk.Message{Value: []byte{0, 0, 0, 0, 7, 2}}, Target: &sdk.Target{Topic: "shop.shop.plain"},
				ValueSchema: &sdk.MessageSchema{Subject: "plain-value", Avro: []byte(`{"type":"record","name":"V","fields":[{"name":"a","type":"long"}]}`)},
			},
			"a change": {Change: &sdk.Change{Op: sdk.Create, After: []byte{2}}, Row: &sdk.RowSchema{Database: "d", Table: "t", Columns: []sdk.Column{{Name: "a", Type: sdk.Long}}}},
			"a message of an unknown table": {
				Message: &sdk.Message{Value: []byte{0}}, Target: &sdk.Target{Topic: "shop.shop.plain"},
				ValueSchema: &sdk.MessageSchema{Subject: "s", Avro: r.value.Avro},
			},
		},
	})
}

// In upsert mode the last row of each key counts, whatever is written twice.
func TestSuiteUpsert(t *testing.T) {
	s := warehouse(t)
	r := newTable(t, "shop.shop.suite", 1, `{"name":"n","type":"long"}`)
	sdktest.Sink(t, sdktest.SinkDriver{
		Driver: sdktest.Driver{New: newPlugin, Config: settings(s, nil), Leaks: leaks},
		Record: func(n int) sdktest.Record {
			return newBatch().upsert(t, r, uint64(n), values{"n": int64(n)}).records[0]
		},
		Written: func(t *testing.T) []int {
			rows, err := s.Table("shop", "shop_suite").Rows()
			if err != nil {
				return nil
			}
			var out []int
			for _, row := range rows {
				out = append(out, int(row["n"].(int64)))
			}
			return out
		},
		Upserts: true,
	})
}

// Nothing is written to a table twice at once: several tables of one batch, each
// in its order, are done when all are.
func TestTablesOfOneBatch(t *testing.T) {
	t.Parallel()
	s := warehouse(t)
	h := connect(t, s, nil)
	var tables []*relation
	for i := range 5 {
		tables = append(tables, newTable(t, fmt.Sprintf("shop.shop.t%d", i), 1, idField, noteField))
	}
	b := newBatch()
	for n := range 100 {
		b.upsert(t, tables[n%5], uint64(n), values{"id": int64(n / 5 % 2), "note": note(fmt.Sprint(n))})
	}
	h.write(t, b)
	for i := range tables {
		expect(t, s, fmt.Sprintf("shop_t%d", i), []map[string]any{
			{"id": int64(0), "note": fmt.Sprint(90 + i)}, {"id": int64(1), "note": fmt.Sprint(95 + i)},
		})
	}
}
