package main

import (
	"strings"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
)

// create makes a table as a user does.
func create(t *testing.T, s *bigquery.Server, name string, schema gbq.Schema, key ...string) {
	t.Helper()
	c, err := gbq.NewClient(t.Context(), "p", s.RESTOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Dataset("shop").Create(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	meta := &gbq.TableMetadata{Schema: schema}
	if len(key) > 0 {
		meta.TableConstraints = &gbq.TableConstraints{PrimaryKey: &gbq.PrimaryKey{Columns: key}}
	}
	if err := c.Dataset("shop").Table(name).Create(t.Context(), meta); err != nil {
		t.Fatal(err)
	}
}

// columns writes the columns of a table as name:TYPE, with ! if REQUIRED.
func columns(t *testing.T, s *bigquery.Server, table string) string {
	t.Helper()
	fields, err := s.Table("shop", table).Schema()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range fields {
		out = append(out, f.Name+":"+f.Type+strings.Repeat("!", strings.Count(f.Mode, "REQUIRED")))
	}
	return strings.Join(out, " ")
}

const ageField = `{"name":"age","type":["null","int"],"default":null}`

func age(n int) any { return map[string]any{"int": n} }

func TestNewColumn(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]time.Duration{"that writers see at once": 0, "that writers see late": 400 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			s.SetDelays(bigquery.Delays{Table: delay, Schema: delay})
			h := connect(t, s, nil)
			before, after := orders(t), newTable(t, "shop.shop.orders", 1, idField, noteField, ageField)
			other := newTable(t, "shop.shop.other", 1, idField)
			h.write(t, newBatch().upsert(t, other, 1, values{"id": int64(1)}))
			h.write(t,
				newBatch().upsert(t, before, 1, values{"id": int64(1), "note": note("a")}).upsert(t, before, 2, values{"id": int64(2), "note": nil}),
				newBatch().upsert(t, after, 3, values{"id": int64(1), "note": nil, "age": age(7)}).upsert(t, before, 4, values{"id": int64(3), "note": nil}),
				newBatch().remove(t, after, 5, values{"id": int64(2), "note": nil, "age": nil}),
			)
			expect(t, s, "shop_orders", []map[string]any{
				{"id": int64(1), "note": nil, "age": int64(7)}, {"id": int64(3), "note": nil, "age": nil},
			})
			if diff := cmp.Diff("id:INTEGER! note:STRING age:INTEGER", columns(t, s, "shop_orders")); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("does not keep other tables waiting", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h := connect(t, s, nil)
		other := newTable(t, "shop.shop.other", 1, idField)
		h.write(t, newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}).upsert(t, other, 2, values{"id": int64(1)}))
		s.SetDelays(bigquery.Delays{Schema: 2 * time.Second})
		wide := newTable(t, "shop.shop.orders", 1, idField, noteField, ageField)
		start := time.Now()
		waits := h.Send(newBatch().upsert(t, wide, 3, values{"id": int64(1), "note": nil, "age": nil}).records...)
		goes := h.Send(newBatch().upsert(t, other, 4, values{"id": int64(2)}).records...)
		first, err := h.Ack()
		if err != nil || first != goes || time.Since(start) > time.Second {
			t.Errorf("batch %d is acknowledged first after %v (%v), want %d at once", first, time.Since(start), err, goes)
		}
		if last, err := h.Ack(); err != nil || last != waits {
			t.Errorf("got %d, %v, want %d", last, err, waits)
		}
	})

	t.Run("that BigQuery never shows is waited for in vain", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		s.SetDelays(bigquery.Delays{Table: time.Hour})
		h := connect(t, s, map[string]any{"schema_timeout": "200ms"})
		err := h.try(newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
		if err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "schema_timeout") {
			t.Errorf("got %v, want a transient error", err)
		}
	})

	t.Run("that somebody else adds at the same time", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		create(t, s, "shop_orders", gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType}}, "id")
		s.Faults().Add(fault.Rule{Call: "tables.patch", Outcome: fault.Outcome{Code: codes.Unavailable, Message: "x", Applied: true}})
		h := connect(t, s, nil)
		h.write(t, newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
		expect(t, s, "shop_orders", []map[string]any{{"id": int64(1), "note": nil}})
	})
}

func TestDroppedColumn(t *testing.T) {
	t.Parallel()
	s := warehouse(t)
	h := connect(t, s, nil)
	narrow := newTable(t, "shop.shop.orders", 1, idField)
	h.write(t,
		newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": note("a")}).upsert(t, orders(t), 2, values{"id": int64(2), "note": note("b")}),
		newBatch().upsert(t, narrow, 3, values{"id": int64(2)}),
	)
	expect(t, s, "shop_orders", []map[string]any{{"id": int64(1), "note": "a"}, {"id": int64(2), "note": nil}})
}

func TestExistingTable(t *testing.T) {
	t.Parallel()
	s := func(name string, typ gbq.FieldType, required bool) *gbq.FieldSchema {
		return &gbq.FieldSchema{Name: name, Type: typ, Required: required}
	}
	tests := map[string]struct {
		schema gbq.Schema
		key    []string
		want   map[string]any
		err    []string
	}{
		"in another order and case, with more columns": {
			schema: gbq.Schema{s("extra", gbq.StringFieldType, true), s("NOTE", gbq.StringFieldType, true), s("Id", gbq.IntegerFieldType, true)},
			key:    []string{"Id"},
			want:   map[string]any{"Id": int64(1), "NOTE": "a", "extra": nil},
		},
		"with a wider type": {
			schema: gbq.Schema{s("id", gbq.NumericFieldType, true), s("note", gbq.StringFieldType, false)},
			key:    []string{"id"},
			want:   map[string]any{"id": "1", "note": "a"},
		},
		"without a key": {
			schema: gbq.Schema{s("id", gbq.IntegerFieldType, true)},
			err:    []string{"table shop.shop_orders", "no primary key", "\"ALTER TABLE shop.shop_orders ADD PRIMARY KEY (`id`) NOT ENFORCED\""},
		},
		"with another key": {
			schema: gbq.Schema{s("id", gbq.IntegerFieldType, true), s("note", gbq.StringFieldType, true)},
			key:    []string{"id", "note"},
			err:    []string{"its primary key is (id, note), but that of the rows is (id)"},
		},
		"with a type that does not take the values": {
			schema: gbq.Schema{s("id", gbq.IntegerFieldType, true), s("note", gbq.IntegerFieldType, false)},
			key:    []string{"id"},
			err:    []string{"table shop.shop_orders", `column "note" is INTEGER, which does not take the values of STRING, made of string`, "rename the column"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			create(t, s, "shop_orders", tt.schema, tt.key...)
			err := connect(t, s, nil).try(newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": note("a")}))
			if tt.err == nil {
				if err != nil {
					t.Fatal(err)
				}
				expect(t, s, "shop_orders", []map[string]any{tt.want})
				return
			}
			if err == nil || sdk.IsTransient(err) {
				t.Fatalf("got %v, want a permanent error", err)
			}
			for _, want := range tt.err {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}

	t.Run("whose type can be altered", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h := connect(t, s, nil)
		h.write(t, newBatch().upsert(t, newTable(t, "shop.shop.n", 1, idField, ageField), 1, values{"id": int64(1), "age": nil}))
		exact := newTable(t, "shop.shop.n", 1, idField, `{"name":"age","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}],"default":null}`)
		err := h.try(newBatch().upsert(t, exact, 2, values{"id": int64(1), "age": nil}))
		const want = "run \"ALTER TABLE shop.shop_n ALTER COLUMN `age` SET DATA TYPE NUMERIC\""
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it", err, want)
		}
	})
}

// sql runs a statement, as a person does whom an error told to.
func sql(t *testing.T, s *bigquery.Server, statement string) {
	t.Helper()
	c, err := gbq.NewClient(t.Context(), "p", s.RESTOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Query(statement).Read(t.Context()); err != nil {
		t.Fatalf("run %q: %v", statement, err)
	}
}
