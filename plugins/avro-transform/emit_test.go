package main

import (
	"testing"

	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/sdk"
)

func TestEmitAllocatesNothing(t *testing.T) {
	e, tb, c, out := emitting(t)
	got := testing.AllocsPerRun(100, func() {
		if err := e.change(tb, c, out); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("got %v allocations", got)
	}
}

func BenchmarkEmit(b *testing.B) {
	e, tb, c, out := emitting(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := e.change(tb, c, out); err != nil {
			b.Fatal(err)
		}
	}
}

// nowhere takes messages and drops them.
type nowhere struct{ bytes int }

func (n *nowhere) Target(*sdk.Target) int { return 0 }

func (n *nowhere) Message(m *sdk.Message) { n.bytes += len(m.Value) }

func emitting(t testing.TB) (*emitter, *table, *sdk.Change, *nowhere) {
	t.Helper()
	headers, err := contextHeaders("p")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := envelope.Compile(envelope.Settings{Row: items, Fields: []string{"id", "kind", "n"}, Name: "p", KeyID: 1, ValueID: 2})
	if err != nil {
		t.Fatal(err)
	}
	c := &sdk.Change{Op: sdk.Update, Key: itemKey(1, "a"), Before: item(1, "a", 5), After: item(1, "a", 6), Origin: &origin}
	return newEmitter(validConfig(), headers), &table{plan: plan}, c, &nowhere{}
}
