package main

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
)

// truncate adds a truncation.
func (b *batch) truncate(t *testing.T, r *relation, order uint64) *batch {
	t.Helper()
	return b.change(t, r, "t", order, nil, nil)
}

func bare(id int64) values { return values{"id": id, "note": nil} }

func TestTruncate(t *testing.T) {
	t.Parallel()
	three := []map[string]any{{"id": int64(3), "note": nil}}
	t.Run("deletes the rows of before, and none of after, however often it comes", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h, r := connect(t, s, nil), orders(t)
		all := func() *batch {
			return newBatch().upsert(t, r, 1, bare(1)).upsert(t, r, 2, bare(2)).truncate(t, r, 3).upsert(t, r, 4, bare(3))
		}
		h.write(t, all())
		expect(t, s, "shop_orders", three)
		h.write(t, all(), all())
		expect(t, s, "shop_orders", three)
		h.write(t, newBatch().truncate(t, r, 5), newBatch().upsert(t, r, 6, bare(1)))
		expect(t, s, "shop_orders", []map[string]any{{"id": int64(1), "note": nil}})
	})
	t.Run("of a table that does not exist makes an empty one", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		connect(t, s, nil).write(t, newBatch().truncate(t, orders(t), 1))
		expect(t, s, "shop_orders", []map[string]any{})
	})
	t.Run("waits until the rows before it are durable", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h, r := connect(t, s, nil), orders(t)
		h.write(t, newBatch().upsert(t, r, 1, bare(1)))
		s.Faults().Add(fault.Rule{Call: "AppendRows", Outcome: fault.Unavailable(), Times: 3})
		h.write(t, newBatch().upsert(t, r, 2, bare(2)), newBatch().truncate(t, r, 3))
		expect(t, s, "shop_orders", []map[string]any{})
	})
	t.Run("reads all pages of many keys", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h, r := connect(t, s, nil), orders(t)
		b := newBatch()
		for i := range 2500 {
			b.upsert(t, r, uint64(i), bare(int64(i)))
		}
		h.write(t, b, newBatch().truncate(t, r, 3000).upsert(t, r, 3001, bare(3)))
		expect(t, s, "shop_orders", three)
	})
	t.Run("sees rows that max_staleness hides, and leaves the option as it was", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		h, r := connect(t, s, map[string]any{"max_staleness": "2h"}), orders(t)
		h.write(t, newBatch().upsert(t, r, 1, bare(1)), newBatch().truncate(t, r, 2))
		expect(t, s, "shop_orders", []map[string]any{})
		if got := maxStaleness(t, s); got != "0-0 0 2:0:0" {
			t.Errorf("max_staleness is %q, want that of 2 hours", got)
		}
	})
}

// A batch with a truncation is done when the deletes are, and not before: what
// ends in the middle is done again.
func TestTruncateIsRepeated(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rule fault.Rule
		want string
	}{
		"where statements may not be run": {
			fault.Rule{Call: "jobs.query", Outcome: fault.Outcome{Code: codes.PermissionDenied, Message: noJobs}}, "roles/bigquery.jobUser",
		},
		"where a page of keys is not read": {
			fault.Rule{Call: "jobs.getQueryResults", Outcome: fault.Outcome{Code: codes.PermissionDenied, Message: "no"}}, "read keys",
		},
		"where deletes are refused": {
			fault.Rule{Call: "AppendRows", Outcome: fault.Outcome{Code: codes.InvalidArgument, Message: "no"}}, "append",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			h, r := connect(t, s, nil), orders(t)
			b := newBatch()
			for i := range 1500 {
				b.upsert(t, r, uint64(i), bare(int64(i)))
			}
			h.write(t, b)
			s.Faults().Add(tt.rule)
			emptied := newBatch().truncate(t, r, 2000).upsert(t, r, 2001, bare(3))
			if err := h.try(emptied); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want a permanent error with %q in it", err, tt.want)
			}
			connect(t, s, nil).write(t, emptied)
			expect(t, s, "shop_orders", []map[string]any{{"id": int64(3), "note": nil}})
		})
	}
}

// Every type that a key may have is read by a query as it was written.
func TestTruncateByEveryKey(t *testing.T) {
	t.Parallel()
	typed := func(name, typ string) string { return fmt.Sprintf(`{"name":%q,"type":%s}`, name, typ) }
	decimal := func(precision, scale int) string {
		return fmt.Sprintf(`{"type":"bytes","logicalType":"decimal","precision":%d,"scale":%d}`, precision, scale)
	}
	fields := []string{
		typed("n", `"long"`), typed("s", `"string"`), typed("b", `"bytes"`), typed("t", `"boolean"`),
		typed("d", `{"type":"int","connect.name":"io.debezium.time.Date"}`),
		typed("dt", `{"type":"long","connect.name":"io.debezium.time.MicroTimestamp"}`),
		typed("ts", `{"type":"string","connect.name":"io.debezium.time.ZonedTimestamp"}`),
		typed("nu", decimal(38, 9)), typed("bn", decimal(38, 19)), typed("tm", `{"type":"long","connect.name":"io.debezium.time.MicroTime"}`),
		typed("u", `"long"`),
	}
	s := warehouse(t)
	h, r := connect(t, s, nil), newTable(t, "shop.shop.keys", len(fields), fields...)
	r.value.Row.Columns[10].Native = sdk.NativeType{Name: "BIGINT", Unsigned: true}
	low := values{
		"n": int64(-1), "s": "", "b": []byte{}, "t": false, "d": -719162, "dt": int64(-62135596800000000), "ts": "0001-01-01T00:00:00Z",
		"nu": rat("-0.000000001"), "bn": rat("-0.0000000000000000001"), "tm": int64(-1), "u": int64(0),
	}
	high := values{
		"n": int64(1 << 62), "s": "ä\x00'`", "b": []byte{0, 255}, "t": true, "d": 2932896, "dt": int64(253402300799999999), "ts": "9999-12-31T23:59:59.999999Z",
		"nu": rat("99999999999999999999999999999.999999999"), "bn": rat("9999999999999999999.9999999999999999999"), "tm": int64(3020399_999999), "u": int64(-1),
	}
	middle := values{}
	for k, v := range high {
		middle[k] = v
	}
	middle["n"], middle["nu"], middle["bn"], middle["dt"] = int64(5), new(big.Rat), rat("12.5"), time.Date(2026, 2, 3, 4, 5, 6, 500_000_000, time.UTC).UnixMicro()
	h.write(t, newBatch().upsert(t, r, 1, low).upsert(t, r, 2, high).upsert(t, r, 3, middle))
	if n := len(rows(t, s, "shop_keys")); n != 3 {
		t.Fatalf("%d rows, want 3", n)
	}
	h.write(t, newBatch().truncate(t, r, 4))
	expect(t, s, "shop_keys", []map[string]any{})
}

func TestTruncateOfALog(t *testing.T) {
	t.Parallel()
	of := func(t *testing.T, config map[string]any, b func(*relation) *batch) []string {
		t.Helper()
		s := warehouse(t)
		connect(t, s, config).write(t, b(newTable(t, "shop.shop.orders", 0, idField, noteField)))
		var ops []string
		for _, r := range rows(t, s, "shop_orders") {
			ops = append(ops, fmt.Sprint(r["_leat_op"], r["id"]))
		}
		return ops
	}
	all := func(r *relation) *batch {
		return newBatch().upsert(t, r, 1, bare(1)).truncate(t, r, 2).upsert(t, r, 3, bare(2))
	}
	for name, tt := range map[string]struct {
		config map[string]any
		want   []string
	}{
		"is a row of it":        {nil, []string{"c1", "t<nil>", "c2"}},
		"is left out on demand": {map[string]any{"truncate": "ignore"}, []string{"c1", "c2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, of(t, tt.config, all)); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

// What only sinks need that keep a table's rows is taken where that is so.
func TestStateOnly(t *testing.T) {
	t.Parallel()
	mark := func(b *batch) *batch {
		for i := range b.records {
			b.records[i].Message.StateOnly = true
		}
		return b
	}
	write := func(t *testing.T, config map[string]any) *bigquery.Server {
		t.Helper()
		s := warehouse(t)
		r := orders(t)
		connect(t, s, config).write(t, newBatch().upsert(t, r, 1, bare(1)).upsert(t, r, 2, bare(2)),
			mark(newBatch().truncate(t, r, 3)), mark(newBatch().upsert(t, r, 4, bare(3))))
		return s
	}
	expect(t, write(t, nil), "shop_orders", []map[string]any{{"id": int64(3), "note": nil}})
	for _, policy := range []string{"auto", "error", "ignore"} {
		if got := rows(t, write(t, map[string]any{"mode": "append", "truncate": policy}), "shop_orders"); len(got) != 2 {
			t.Errorf("log has the rows %v, want the two that are for all", got)
		}
	}
}
