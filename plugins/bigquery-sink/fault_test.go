package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/leat-io/leat/e2e/bigquery/fault"
	"github.com/leat-io/leat/sdk"
)

// stress writes batches of changes of few keys and returns the rows that must
// come of them.
func stress(t *testing.T, r *relation, batches int) ([]*batch, []map[string]any) {
	t.Helper()
	const keys = 4
	var out []*batch
	var want []map[string]any
	for i := range batches {
		b := newBatch()
		for k := range keys {
			n := i*keys + k
			v := values{"id": int64(k), "note": note(fmt.Sprint(n))}
			if k == 3 && i%2 == 1 {
				b.remove(t, r, uint64(n), v)
			} else {
				b.upsert(t, r, uint64(n), v)
			}
		}
		out = append(out, b)
	}
	for k := range keys {
		if k == 3 && batches%2 == 0 {
			continue
		}
		want = append(want, map[string]any{"id": int64(k), "note": fmt.Sprint((batches-1)*keys + k)})
	}
	return out, want
}

func TestFaultsPass(t *testing.T) {
	t.Parallel()
	refused := func(call string, code codes.Code) fault.Rule {
		return fault.Rule{Call: call, Outcome: fault.Outcome{Code: code, Message: "later"}}
	}
	tests := map[string][]fault.Rule{
		"the service is unavailable":        {{Times: 3, Outcome: fault.Unavailable()}},
		"the acknowledgement is lost":       {{Times: 2, Outcome: fault.AckLost()}},
		"a stream is reset in the middle":   {{After: 3, Outcome: fault.StreamReset()}},
		"a request is aborted":              {{After: 1, Times: 2, Outcome: fault.Aborted()}},
		"a quota is exceeded":               {{Outcome: fault.QuotaExceeded()}, {Outcome: fault.ThroughputExceeded()}},
		"an acknowledgement is slow":        {{Outcome: fault.SlowAck(300 * time.Millisecond)}},
		"the schema is said to be new":      {{Times: 3, Outcome: fault.SchemaSignal()}},
		"the tables cannot be read":         {refused("tables.get", codes.Unavailable)},
		"the stream cannot be looked at":    {refused("GetWriteStream", codes.Unavailable)},
		"acknowledgements are lost at will": {{After: 2, Outcome: fault.AckLost()}, {After: 1, Outcome: fault.Unavailable()}, {Outcome: fault.AckLost()}},
	}
	for name, rules := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			for _, r := range rules {
				s.Faults().Add(r)
			}
			batches, want := stress(t, orders(t), 10)
			h := connect(t, s, nil)
			for _, b := range batches[:5] {
				h.write(t, b) // a request each
			}
			h.write(t, batches[5:]...)
			expect(t, s, "shop_orders", want)
			if n := s.Faults().Pending(); n > 0 {
				t.Errorf("%d faults did not happen", n)
			}
		})
	}
}

func TestFaultsLast(t *testing.T) {
	t.Parallel()
	always := func(o fault.Outcome) []fault.Rule { return []fault.Rule{{Times: fault.Always, Outcome: o}} }
	answer := func(code codes.Code, message string) fault.Outcome {
		return fault.Outcome{Code: code, Message: message}
	}
	tests := map[string]struct {
		rules     []fault.Rule
		transient bool
		want      []string
	}{
		"the service stays unavailable": {always(fault.Unavailable()), true, []string{"table shop.shop_orders", "attempts in"}},
		"an acknowledgement never comes": {
			always(fault.SlowAck(time.Hour)), true, []string{"no answer within request_timeout, 2 times"},
		},
		"a request is not valid": {always(answer(codes.InvalidArgument, "bad")), false, []string{"append 4 rows to table shop.shop_orders", "bad"}},
		"a table that is there is never found": {
			always(answer(codes.NotFound, "gone")), true, []string{"append 4 rows to table shop.shop_orders", "gone", "within schema_timeout of 1s"},
		},
		"the credentials are refused": {
			always(answer(codes.Unauthenticated, "expired")), true, []string{"append 4 rows to table shop.shop_orders, 1 attempts", "expired", "which are read again at the next try"},
		},
		"the credentials are refused by the Tables API": {
			[]fault.Rule{{Call: "tables.get", Times: fault.Always, Outcome: answer(codes.Unauthenticated, "expired")}},
			true,
			[]string{"table shop.shop_orders: read its metadata", "expired", "which are read again at the next try"},
		},
		"the account may not create": {
			[]fault.Rule{{Call: "tables.insert", Times: fault.Always, Outcome: answer(codes.PermissionDenied, "denied")}},
			false,
			[]string{"table shop.shop_orders: create it", "give the account roles/bigquery.dataEditor on the dataset p.shop"},
		},
		"a row is refused": {
			always(fault.BadRow(2, "Field note: bad")), false,
			[]string{"table shop.shop_orders", "a row is not taken", "Field note: bad", "on_row_error"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := warehouse(t)
			for _, r := range tt.rules {
				s.Faults().Add(r)
			}
			batches, _ := stress(t, orders(t), 1)
			err := connect(t, s, map[string]any{"request_timeout": "500ms", "schema_timeout": "1s"}).try(batches...)
			if err == nil || sdk.IsTransient(err) != tt.transient {
				t.Fatalf("got %v, want an error that is transient: %v", err, tt.transient)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}

	t.Run("after the outage the sink goes on where it was", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		s.Faults().Add(fault.Rule{After: 2, Times: fault.Always, Outcome: fault.AckLost()})
		batches, want := stress(t, orders(t), 10)
		h := connect(t, s, map[string]any{"request_timeout": "50ms"})
		h.write(t, batches[0])
		h.write(t, batches[1])
		if err := h.try(batches[2:]...); err == nil || !sdk.IsTransient(err) {
			t.Fatalf("got %v, want a transient error", err)
		}
		h.Kill()
		s.Faults().Clear()
		connect(t, s, nil).write(t, batches[2:]...)
		expect(t, s, "shop_orders", want)
	})
}

func TestRowErrors(t *testing.T) {
	t.Parallel()
	day := func(t *testing.T) *relation {
		return newTable(t, "shop.shop.days", 1, idField, `{"name":"day","type":{"type":"int","connect.name":"io.debezium.time.Date"}}`)
	}
	rows := func(t *testing.T, r *relation) *batch {
		return newBatch().upsert(t, r, 1, values{"id": int64(1), "day": 0}).
			upsert(t, r, 2, values{"id": int64(2), "day": -800_000}).
			upsert(t, r, 3, values{"id": int64(3), "day": 1})
	}
	t.Run("stop with table, column, type and cure", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		err := connect(t, s, nil).try(rows(t, day(t)))
		const want = `table shop.shop_days: a row is not taken, its key is logged at debug: column "day" of type io.debezium.time.Date: is outside of 0001-01-01 to 9999-12-31: correct the value in the source; or set on_row_error to skip, which leaves such rows out`
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if err != nil && strings.Contains(err.Error(), "id=2") {
			t.Errorf("the row's key is in %v", err)
		}
	})
	t.Run("are left out if they may be", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		s.Faults().Add(fault.Rule{Outcome: fault.BadRow(0, "no")}) // of the two that are left
		connect(t, s, map[string]any{"on_row_error": "skip"}).write(t, rows(t, day(t)))
		expect(t, s, "shop_days", []map[string]any{{"id": int64(3), "day": "1970-01-02"}})
	})
	t.Run("of a row that is larger than a request", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		b := newBatch()
		r := orders(t)
		for n, size := range []int{100_000, 100_000, 100_000, 300_000} {
			b.upsert(t, r, uint64(n), values{"id": int64(n), "note": note(strings.Repeat("x", size))})
		}
		h := connect(t, s, map[string]any{"max_request_bytes": "256KiB"})
		err := h.try(b)
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "a row is not taken") || !strings.Contains(err.Error(), "max_request_bytes") {
			t.Errorf("got %v, want a permanent error of row 3", err)
		}
	})
	t.Run("of a truncation", func(t *testing.T) {
		t.Parallel()
		s := warehouse(t)
		err := connect(t, s, map[string]any{"truncate": "error"}).try(newBatch().change(t, orders(t), "t", 1, nil, nil))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "table shop.shop_orders: the table was truncated in the source") {
			t.Errorf("got %v, want a permanent error", err)
		}
	})
}
