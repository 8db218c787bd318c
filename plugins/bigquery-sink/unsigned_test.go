package main

import (
	"math"
	"strings"
	"testing"

	gbq "cloud.google.com/go/bigquery"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk"
)

// counters is a table of BIGINT UNSIGNED, which is a long in Avro.
func counters(t *testing.T) *relation {
	t.Helper()
	r := newTable(t, "shop.shop.counters", 1, idField, `{"name":"n","type":["null","long"],"default":null}`, `{"name":"i","type":"long"}`)
	unsigned := sdk.NativeType{Name: "BIGINT", Length: -1, Scale: -1, Unsigned: true}
	columns := r.value.Row.Columns
	columns[0].Type, columns[0].Native = sdk.Long, unsigned
	columns[1].Type, columns[1].Native = sdk.Long, unsigned
	columns[2].Type, columns[2].Native = sdk.Long, sdk.NativeType{Name: "INT", Length: -1, Scale: -1, Unsigned: true}
	return r
}

// counter is a row whose numbers are written as the two's complement that Avro has.
func counter(id, n uint64) values {
	return values{"id": int64(id), "n": map[string]any{"long": int64(n)}, "i": int64(math.MaxUint32)}
}

func TestUnsigned(t *testing.T) {
	t.Parallel()
	t.Run("BIGINT UNSIGNED is NUMERIC, in a key too", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h := connect(t, s, nil)
		r := counters(t)
		h.write(t, newBatch().upsert(t, r, 1, counter(math.MaxUint64, 1<<63)).upsert(t, r, 2, counter(7, 0)).
			upsert(t, r, 3, values{"id": int64(8), "n": nil, "i": int64(1)}).remove(t, r, 4, counter(7, 0)))
		expect(t, s, "shop_counters", []map[string]any{
			{"id": "8", "n": nil, "i": int64(1)},
			{"id": "18446744073709551615", "n": "9223372036854775808", "i": int64(math.MaxUint32)},
		})
		if diff := cmp.Diff("id:NUMERIC! n:NUMERIC i:INTEGER", columns(t, s, "shop_counters")); diff != "" {
			t.Errorf("columns (-want +got):\n%s", diff)
		}
	})

	existing := gbq.Schema{
		{Name: "id", Type: gbq.IntegerFieldType, Required: true}, {Name: "n", Type: gbq.IntegerFieldType}, {Name: "i", Type: gbq.IntegerFieldType},
	}
	tests := map[string]struct {
		table  gbq.Schema
		config map[string]any
	}{
		"a table of INT64 has the values that fit": {existing, nil},
		"int64 makes such a table":                 {nil, map[string]any{"unsigned_bigint": "int64"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			if tt.table != nil {
				create(t, s, "shop_counters", tt.table, "id")
			}
			r := counters(t)
			h := connect(t, s, tt.config)
			h.write(t, newBatch().upsert(t, r, 1, counter(1, math.MaxInt64)))
			want := []map[string]any{{"id": int64(1), "n": int64(math.MaxInt64), "i": int64(math.MaxUint32)}}
			expect(t, s, "shop_counters", want)
			err := h.try(newBatch().upsert(t, r, 2, counter(1, 1<<63)))
			for _, text := range []string{`a row is not taken, its key is logged at debug: column "n"`, "above 9223372036854775807", "SET DATA TYPE NUMERIC"} {
				if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), text) {
					t.Errorf("got %v, want a permanent error with %q in it", err, text)
				}
			}
			expect(t, s, "shop_counters", want)
		})
	}

	t.Run("the column that was altered, as the error says, has all values", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		create(t, s, "shop_counters", existing, "id")
		r := counters(t)
		connect(t, s, nil).write(t, newBatch().upsert(t, r, 1, counter(1, 5)))
		sql(t, s, "ALTER TABLE shop.shop_counters ALTER COLUMN n SET DATA TYPE NUMERIC")
		connect(t, s, nil).write(t, newBatch().upsert(t, r, 2, counter(2, math.MaxUint64)))
		expect(t, s, "shop_counters", []map[string]any{
			{"id": int64(1), "n": "5", "i": int64(math.MaxUint32)}, {"id": int64(2), "n": "18446744073709551615", "i": int64(math.MaxUint32)},
		})
	})

	t.Run("a row that is not that of the envelope is refused", func(t *testing.T) {
		t.Parallel()
		r := counters(t)
		r.value.Row.Columns = r.value.Row.Columns[1:]
		err := connect(t, warehouse(t), nil).try(newBatch().upsert(t, r, 1, counter(1, 1)))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "rows of table `shop`.`counters` have 2 columns, but 3 fields") {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
}
