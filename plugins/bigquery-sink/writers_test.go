package main

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	gbq "cloud.google.com/go/bigquery"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/sdk"
)

// drop removes a table as a person does.
func drop(t *testing.T, s *bigquery.Server, table string) {
	t.Helper()
	c, err := gbq.NewClient(t.Context(), "p", s.RESTOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Dataset("shop").Table(table).Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// BigQuery tells who writes with the same words that a table is new, absent and
// forbidden. The sink asks the Tables API which it is.
func TestDenied(t *testing.T) {
	t.Parallel()
	one := func(t *testing.T, id int64) *batch {
		return newBatch().upsert(t, orders(t), uint64(id), values{"id": id, "note": nil})
	}
	const hour, blink = time.Hour, 300 * time.Millisecond
	for name, delays := range map[string]bigquery.Delays{
		"a new table that writers see late":          {Table: blink},
		"a new table that appends go by late":        {Append: blink},
		"a new table that is not found by writers":   {Table: blink, Append: blink, NotFound: true},
		"a new table that appends do not find early": {Append: blink, NotFound: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			s.SetDelays(delays)
			connect(t, s, nil).write(t, one(t, 1), one(t, 2))
			expect(t, s, "shop_orders", []map[string]any{{"id": int64(1), "note": nil}, {"id": int64(2), "note": nil}})
		})
	}

	t.Run("a new table does not stop others on its connection", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h := connect(t, s, map[string]any{"connections": 1})
		other := newTable(t, "shop.shop.other", 1, idField)
		h.write(t, newBatch().upsert(t, other, 1, values{"id": int64(0)}))
		s.SetDelays(bigquery.Delays{Append: blink})
		h.Send(one(t, 1).records...)
		var want []map[string]any
		for i := range int64(50) {
			h.Send(newBatch().upsert(t, other, uint64(i+2), values{"id": i}).records...)
			want = append(want, map[string]any{"id": i})
		}
		if err := h.Settle(); err != nil {
			t.Fatal(err)
		}
		expect(t, s, "shop_other", want)
		expect(t, s, "shop_orders", []map[string]any{{"id": int64(1), "note": nil}})
	})

	t.Run("a new table that somebody drops is made again", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		s.SetDelays(bigquery.Delays{Table: hour})
		h := connect(t, s, nil)
		h.Send(one(t, 1).records...)
		until(t, func() bool { _, err := s.Table("shop", "shop_orders").Rows(); return err == nil })
		s.SetDelays(bigquery.Delays{})
		drop(t, s, "shop_orders")
		if err := h.Settle(); err != nil {
			t.Fatal(err)
		}
		expect(t, s, "shop_orders", []map[string]any{{"id": int64(1), "note": nil}})
	})

	tests := map[string]struct {
		first     bool // rows are written before
		do        func(t *testing.T, s *bigquery.Server)
		transient bool
		want      []string
		not       string
	}{
		"a right that is missing before the first row": {
			false, func(_ *testing.T, s *bigquery.Server) { s.Deny("bigquery.tables.updateData") }, false,
			[]string{"table shop.shop_orders", "TABLES_UPDATE_DATA", "the account lacks bigquery.tables.updateData on table p.shop.shop_orders: give it roles/bigquery.dataEditor on dataset p.shop"},
			"",
		},
		"a right that is taken while rows are written": {
			true, func(_ *testing.T, s *bigquery.Server) { s.Deny("bigquery.tables.updateData") }, false,
			[]string{"table shop.shop_orders", "the account lacks bigquery.tables.updateData on table p.shop.shop_orders: give it roles/bigquery.dataEditor on dataset p.shop"},
			"",
		},
		"tables that may not be looked at": {
			false, func(_ *testing.T, s *bigquery.Server) { s.Deny("bigquery.tables.get") }, false,
			[]string{"table shop.shop_orders: read its metadata", "Permission bigquery.tables.get denied", "give the account roles/bigquery.dataEditor on the dataset p.shop"},
			"",
		},
		"a table that is dropped while rows are written": {
			true, func(t *testing.T, s *bigquery.Server) { drop(t, s, "shop_orders") }, false,
			[]string{"table shop.shop_orders: it does not exist any more", "restart the pipeline, which makes a new one that has only the rows to come"},
			"roles/",
		},
		"a column that is dropped while rows are written": {
			true, func(t *testing.T, s *bigquery.Server) {
				drop(t, s, "shop_orders")
				create2(t, s, "shop_orders", gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType}}, "id")
			}, false,
			[]string{"table shop.shop_orders: somebody dropped columns", "restart the pipeline, which adds them again"},
			"",
		},
		"a table that writers never see": {
			false, func(_ *testing.T, s *bigquery.Server) { s.SetDelays(bigquery.Delays{Table: hour}) }, true,
			[]string{"table shop.shop_orders: BigQuery did not show it to writers within schema_timeout of 500ms", "(or it may not exist)"},
			"roles/",
		},
		"a table that appends never go by": {
			false, func(_ *testing.T, s *bigquery.Server) { s.SetDelays(bigquery.Delays{Append: hour}) }, true,
			[]string{"append 1 rows to table shop.shop_orders", "BigQuery did not show the table as it is to writers within schema_timeout of 500ms"},
			"roles/",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			h := connect(t, s, map[string]any{"schema_timeout": "500ms"})
			if tt.first {
				h.write(t, one(t, 1))
			}
			tt.do(t, s)
			err := h.try(one(t, 2))
			if err == nil || sdk.IsTransient(err) != tt.transient {
				t.Fatalf("got %v, want an error that is transient: %v", err, tt.transient)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
			if tt.not != "" && strings.Contains(err.Error(), tt.not) {
				t.Errorf("got %v, want no %q in it", err, tt.not)
			}
			if tt.transient {
				return
			}
			h.Kill()
			s.Deny() // the right is given, if that was it, and the pipeline restarted
			connect(t, s, nil).write(t, one(t, 2))
			got := rows(t, s, "shop_orders")
			if want := (map[string]any{"id": int64(2), "note": nil}); len(got) == 0 || !cmp.Equal(got[len(got)-1], want) {
				t.Errorf("after the cure the rows are %v, want %v the last", got, want)
			}
		})
	}
}

// create2 makes a table in a dataset that exists.
func create2(t *testing.T, s *bigquery.Server, name string, schema gbq.Schema, key string) {
	t.Helper()
	c, err := gbq.NewClient(t.Context(), "p", s.RESTOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	meta := &gbq.TableMetadata{Schema: schema, TableConstraints: &gbq.TableConstraints{PrimaryKey: &gbq.PrimaryKey{Columns: []string{key}}}}
	if err := c.Dataset("shop").Table(name).Create(t.Context(), meta); err != nil {
		t.Fatal(err)
	}
}

// until waits for a condition.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

// A column that the sink relaxes, or a person widens, takes the new values once
// writers see that, which may be later than GetWriteStream shows it.
func TestAlteredColumn(t *testing.T) {
	t.Parallel()
	const blink = 300 * time.Millisecond
	strict := gbq.Schema{
		{Name: "id", Type: gbq.IntegerFieldType, Required: true},
		{Name: "note", Type: gbq.StringFieldType, Required: true},
		{Name: "gone", Type: gbq.StringFieldType, Required: true},
	}
	exact := `{"name":"age","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}],"default":null}`
	for name, delays := range map[string]bigquery.Delays{
		"that writers see at once":    {},
		"that writers see late":       {Schema: blink},
		"that appends go by late":     {Append: blink},
		"that both are late to go by": {Schema: blink, Append: blink},
	} {
		t.Run("relaxed "+name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			create(t, s, "shop_orders", strict, "id")
			s.SetDelays(delays)
			h := connect(t, s, nil)
			h.write(t,
				newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}),
				newBatch().upsert(t, orders(t), 2, values{"id": int64(2), "note": note("b")}),
			)
			expect(t, s, "shop_orders", []map[string]any{
				{"id": int64(1), "note": nil, "gone": nil}, {"id": int64(2), "note": "b", "gone": nil},
			})
		})
		t.Run("widened "+name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			create(t, s, "shop_n", gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType, Required: true}, {Name: "age", Type: gbq.IntegerFieldType}}, "id")
			s.SetDelays(delays)
			sql(t, s, "ALTER TABLE shop.shop_n ALTER COLUMN age SET DATA TYPE NUMERIC")
			r := newTable(t, "shop.shop.n", 1, idField, exact)
			connect(t, s, nil).write(t, newBatch().upsert(t, r, 1, values{"id": int64(1), "age": nil}))
			expect(t, s, "shop_n", []map[string]any{{"id": int64(1), "age": nil}})
		})
	}

	for name, tt := range map[string]struct {
		delays bigquery.Delays
		more   map[string]any
		want   string // of a transient error if it begins with BigQuery
	}{
		"that writers never see": {bigquery.Delays{Schema: time.Hour}, nil, `BigQuery did not show writers that column "note" is NULLABLE within schema_timeout of 500ms`},
		"that appends never go by makes a row error": {
			bigquery.Delays{Append: time.Hour}, nil, "a row is not taken, its key is logged at debug: Field note",
		},
	} {
		t.Run("relaxed "+name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			create(t, s, "shop_orders", strict[:2], "id")
			s.SetDelays(tt.delays)
			err := connect(t, s, map[string]any{"schema_timeout": "500ms"}).try(newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
			if err == nil || !strings.Contains(err.Error(), tt.want) || sdk.IsTransient(err) != strings.HasPrefix(tt.want, "BigQuery") {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// A table has one stream, however often it is altered, and its rows keep their
// order. It is not parallel, as it counts goroutines.
func TestOneStreamPerTable(t *testing.T) {
	t.Run("on a connection that tables share", func(t *testing.T) {
		if grown := alter200(t, true); grown > 10 {
			t.Errorf("%d goroutines more after 200 alterations", grown)
		}
	})
	// Google's client makes the connection anew for each, and leaves that of before
	// for 20 s.
	t.Run("on a connection of its own", func(t *testing.T) { alter200(t, false) })
}

// alter200 adds and drops columns in the source 200 times, writes a row after each,
// and returns how many goroutines came up since some were.
func alter200(t *testing.T, shared bool) (grown int) {
	t.Helper()
	const columns, alterations, warm = 20, 200, 50
	s := warehouse(t)
	h := connect(t, s, map[string]any{"mode": "append"})
	other, narrow := newTable(t, "shop.shop.other", 1, idField), orders(t)
	var wide []*relation
	for c := range columns {
		wide = append(wide, newTable(t, "shop.shop.orders", 1, idField, noteField, fmt.Sprintf(`{"name":"c%d","type":["null","int"],"default":null}`, c)))
	}
	var want, got []any
	before := 0
	for n := range alterations {
		if n == warm {
			before = runtime.NumGoroutine()
		}
		v, r := values{"id": int64(1), "note": note(fmt.Sprint(n))}, narrow
		if n%2 == 1 {
			r = wide[n/2%columns]
			v[fmt.Sprintf("c%d", n/2%columns)] = age(n)
		}
		want = append(want, fmt.Sprint(n))
		h.Send(newBatch().upsert(t, r, uint64(n), v).records...)
		if shared {
			h.Send(newBatch().upsert(t, other, uint64(n), values{"id": int64(n)}).records...)
		}
		if n%10 == 9 {
			if err := h.Settle(); err != nil {
				t.Fatal(err)
			}
		}
	}
	grown = runtime.NumGoroutine() - before
	log, err := s.Table("shop", "shop_orders").Log()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range log {
		got = append(got, c.Row["note"])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows in their order (-want +got):\n%s", diff)
	}
	h.Kill()
	return grown
}
