package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
)

func TestEmitAllocatesNothing(t *testing.T) {
	e, tb, c := emitting(t, items, item(1, "a", 5), itemKey(1, "a"))
	out := &nowhere{}
	got := testing.AllocsPerRun(100, func() {
		if err := e.change(tb, c, out); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("got %v allocations", got)
	}
}

func TestMessagesOfABatchAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	e, tb, c := emitting(t, items, item(1, "a", 5), itemKey(1, "a"))
	clock := time.UnixMilli(0)
	e.now = func() time.Time {
		clock = clock.Add(time.Millisecond)
		return clock
	}
	var got []int64
	for range 2 {
		e.begin()
		for range 2 {
			if err := e.change(tb, c, &nowhere{}); err != nil {
				t.Fatal(err)
			}
			got = append(got, e.message.Time)
		}
	}
	if diff := cmp.Diff([]int64{1, 1, 2, 2}, got); diff != "" {
		t.Error(diff)
	}
}

// Kafka takes neither the truncation itself nor anything else that is made of
// such a change.
func TestMessagesOfAChangeForStateOnlyAreMarked(t *testing.T) {
	t.Parallel()
	row, key := item(1, "a", 5), itemKey(1, "a")
	changes := []sdk.Change{
		{Op: sdk.Truncate, StateOnly: true},
		{Op: sdk.Create, Key: key, After: row},
		{Op: sdk.Delete, Key: key, Before: row, StateOnly: true},
		{Op: sdk.Update, Key: itemKey(2, "b"), OldKey: key, Before: row, After: item(2, "b", 6), StateOnly: true},
		{Op: sdk.Truncate},
	}
	r := registrytest.New(t)
	var got []bool
	for _, m := range pipe(t, start(t, newPlugin(), settings(r, nil)), write(items, changes...)).messages {
		got = append(got, m.StateOnly)
	}
	if diff := cmp.Diff([]bool{true, false, true, true, true, true, true, false}, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkEmit(b *testing.B) {
	small := item(1, "a", 5)
	wide, wideRow := wideTable()
	benchmarks := map[string]struct {
		schema   *sdk.RowSchema
		row, key []byte
		// transactions is 1 where each change has an origin of its own.
		transactions int64
	}{
		"one transaction":    {items, small, itemKey(1, "a"), 0},
		"a transaction each": {items, small, itemKey(1, "a"), 1},
		"wide":               {wide, wideRow, []byte{2}, 0},
	}
	for name, bb := range benchmarks {
		b.Run(name, func(b *testing.B) {
			e, tb, c := emitting(b, bb.schema, bb.row, bb.key)
			out := &nowhere{}
			b.ReportAllocs()
			for b.Loop() {
				c.Origin.Time += bb.transactions
				if err := e.change(tb, c, out); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// nowhere takes messages and drops them.
type nowhere struct{ bytes int }

func (n *nowhere) Target(*sdk.Target) int { return 0 }

func (n *nowhere) Message(m *sdk.Message) { n.bytes += len(m.Value) }

// emitting returns an update of a row and what makes messages of it.
func emitting(t testing.TB, schema *sdk.RowSchema, row, key []byte) (*emitter, *table, *sdk.Change) {
	t.Helper()
	headers, err := contextHeaders("p")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := envelope.Compile(envelope.Settings{Row: schema, Fields: columnNames(schema), Name: "p", KeyID: 1, ValueID: 2})
	if err != nil {
		t.Fatal(err)
	}
	from := origin
	c := &sdk.Change{Op: sdk.Update, Key: key, Before: row, After: row, Origin: &from}
	return newEmitter(validConfig(), headers), &table{plan: plan}, c
}
