package main

import (
	"strings"
	"testing"

	gbq "cloud.google.com/go/bigquery"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/sdk"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	t.Run("names are made legal", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		r := newTable(t, "a.b.c_d", 1, idField, `{"name":"_PARTITION","type":"long"}`)
		r.topic = "a.b.c-d"
		connect(t, s, map[string]any{"table": "x_{topic}"}).write(t, newBatch().upsert(t, r, 1, values{"id": int64(1), "_PARTITION": int64(2)}))
		expect(t, s, "x_a_b_c_d", []map[string]any{{"id": int64(1), "x_PARTITION": int64(2)}})
	})
	t.Run("a dot in a name is not taken for the one between database and table", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		dotted, other := newTable(t, "shop.bq.tbl.dot", 1, idField), newTable(t, "shop.tbl.dot", 1, idField)
		dotted.value.Row.Database, dotted.value.Row.Table = "bq", "tbl.dot"
		connect(t, s, map[string]any{"dataset": "{database}", "table": "{table}"}).write(t,
			newBatch().upsert(t, dotted, 1, values{"id": int64(1)}).upsert(t, other, 2, values{"id": int64(2)}))
		for dataset, table := range map[string]string{"bq": "tbl_dot", "tbl": "dot"} {
			got, err := s.Table(dataset, table).Rows()
			if err != nil || len(got) != 1 {
				t.Errorf("%s.%s has %v, %v, want one row", dataset, table, got, err)
			}
		}
	})
	t.Run("two tables that a dot makes alike are refused", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		one, two := newTable(t, "p.a.b.c", 1, idField), newTable(t, "p.a.b.c", 1, idField)
		one.value.Row.Database, one.value.Row.Table = "a.b", "c"
		two.value.Row.Database, two.value.Row.Table = "a", "b.c"
		err := connect(t, s, nil).try(newBatch().upsert(t, one, 1, values{"id": int64(1)}).upsert(t, two, 2, values{"id": int64(1)}))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "both go to table shop.a_b_c, as table `a.b`.`c` and table `a`.`b.c`") {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
	t.Run("two tables that are made alike are refused, though no process sees both", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		one, two := newTable(t, "p.a_b.c", 1, idField), newTable(t, "p.a.b_c", 1, idField)
		first := newBatch().upsert(t, one, 1, values{"id": int64(1)})
		second := newBatch().upsert(t, two, 2, values{"id": int64(1)}).upsert(t, two, 3, values{"id": int64(2)})
		connect(t, s, nil).write(t, first)
		err := connect(t, s, nil).try(second)
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "table shop.a_b_c: it is filled from another table than table `a`.`b_c`") {
			t.Fatalf("got %v, want a permanent error", err)
		}
		expect(t, s, "a_b_c", []map[string]any{{"id": int64(1)}})
		unlabel(t, s, "a_b_c") // as the error says
		connect(t, s, nil).write(t, second)
		expect(t, s, "a_b_c", []map[string]any{{"id": int64(1)}, {"id": int64(2)}})
	})
	t.Run("a table of before is claimed by the first that writes to it", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		create(t, s, "a_b_c", gbq.Schema{{Name: "id", Type: gbq.IntegerFieldType}}, "id")
		connect(t, s, nil).write(t, newBatch().upsert(t, newTable(t, "p.a_b.c", 1, idField), 1, values{"id": int64(1)}))
		err := connect(t, s, nil).try(newBatch().upsert(t, newTable(t, "p.a.b_c", 1, idField), 1, values{"id": int64(1)}))
		if err == nil || !strings.Contains(err.Error(), "it is filled from another table") {
			t.Errorf("got %v, want a refusal", err)
		}
	})
	t.Run("two topics of one table are refused", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		b := newBatch().upsert(t, newTable(t, "a.x.t", 1, idField), 1, values{"id": int64(1)}).upsert(t, newTable(t, "b.x.t", 1, idField), 2, values{"id": int64(1)})
		err := connect(t, s, nil).try(b)
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `topics "a.x.t" and "b.x.t" both go to table shop.x_t`) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
	t.Run("columns that differ by case alone are refused", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		r := newTable(t, "shop.shop.t", 1, idField, `{"name":"ID","type":"long"}`)
		err := connect(t, s, nil).try(newBatch().upsert(t, r, 1, values{"id": int64(1), "ID": int64(1)}))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `columns "id" and "ID" have the same name`) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
	t.Run("a dataset by topic is created where that is allowed", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		config := map[string]any{"dataset": "{database}", "table": "{table}", "location": "EU", "max_staleness": "15m"}
		connect(t, s, config).write(t, newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
		expect(t, s, "orders", []map[string]any{{"id": int64(1), "note": nil}})
	})
	t.Run("a dataset is not created where that is not allowed", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		err := connect(t, s, map[string]any{"create_dataset": false}).try(newBatch().upsert(t, orders(t), 1, values{"id": int64(1), "note": nil}))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `create the dataset "shop" in project "p", or set create_dataset`) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
	t.Run("a key that BigQuery does not take is refused", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		r := newTable(t, "shop.shop.t", 1, `{"name":"f","type":"double"}`)
		err := connect(t, s, nil).try(newBatch().upsert(t, r, 1, values{"f": 1.5}))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), `its key has the column "f" of type FLOAT`) {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
}

// unlabel takes away the label that says which table a table is filled from.
func unlabel(t *testing.T, s *bigquery.Server, table string) {
	t.Helper()
	c, err := gbq.NewClient(t.Context(), "p", s.RESTOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var update gbq.TableMetadataToUpdate
	update.DeleteLabel("leat_source")
	if _, err := c.Dataset("shop").Table(table).Update(t.Context(), update, ""); err != nil {
		t.Fatal(err)
	}
}
