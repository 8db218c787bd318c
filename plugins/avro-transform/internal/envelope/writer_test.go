package envelope_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/envelope"
	"github.com/leat-io/leat/sdk"
)

// TestWriterSharesOnlyWhatIsTheSame has one writer make values of a change and of
// one that differs in one thing, in turn, and expects what new writers make.
func TestWriterSharesOnlyWhatIsTheSame(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*sdk.Change){
		"OK":            func(*sdk.Change) {},
		"offset":        func(c *sdk.Change) { c.Offset++ },
		"row":           func(c *sdk.Change) { c.Row++ },
		"snapshot mark": func(c *sdk.Change) { c.Snapshot = sdk.SnapshotTrue },
		"operation":     func(c *sdk.Change) { c.Op, c.Before = sdk.Create, nil },
		"rows":          func(c *sdk.Change) { c.Before, c.After = c.After, c.Before },
		"time":          func(c *sdk.Change) { c.Origin.Time++ },
		"transaction":   func(c *sdk.Change) { c.Origin.Transaction = "u:6" },
		"log":           func(c *sdk.Change) { c.Origin.Log = "binlog.8" },
		"server":        func(c *sdk.Change) { c.Origin.Server++ },
		"thread":        func(c *sdk.Change) { c.Origin.Thread = 0 },
		"query":         func(c *sdk.Change) { c.Origin.Query = "" },
	}
	for name, edit := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, w := compile(t), envelope.NewWriter(now)
			for i := range 4 {
				c := change()
				if i%2 == 1 {
					edit(&c)
				}
				got := w.AppendValue(nil, p, &c, c.Op, c.Before, c.After)
				if diff := cmp.Diff(valueOf(p, &c), got); diff != "" {
					t.Errorf("value %d: %s", i, diff)
				}
			}
		})
	}
}

func TestWriterKnowsAnOriginThatWasChangedInPlace(t *testing.T) {
	t.Parallel()
	p, w, c := compile(t), envelope.NewWriter(now), change()
	for range 3 {
		if diff := cmp.Diff(valueOf(p, &c), w.AppendValue(nil, p, &c, c.Op, c.Before, c.After)); diff != "" {
			t.Error(diff)
		}
		c.Origin.Time++
	}
}

func TestWriterOfTwoTables(t *testing.T) {
	t.Parallel()
	other := *rows
	other.Table = "other"
	second, err := envelope.Compile(envelope.Settings{Row: &other, Fields: fields, Name: "dbserver1", KeyID: 7, ValueID: 9})
	if err != nil {
		t.Fatal(err)
	}
	w, c := envelope.NewWriter(now), change()
	for _, p := range []*envelope.Plan{compile(t), second, compile(t), second} {
		if diff := cmp.Diff(valueOf(p, &c), w.AppendValue(nil, p, &c, c.Op, c.Before, c.After)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestBeginSetsTheTime(t *testing.T) {
	t.Parallel()
	p, w, c := compile(t), envelope.NewWriter(time.Unix(1, 0)), change()
	w.AppendValue(nil, p, &c, c.Op, c.Before, c.After)
	w.Begin(now)
	if diff := cmp.Diff([]byte{9, 9}, w.AppendValue([]byte{9, 9}, p, &c, c.Op, c.Before, c.After)[:2]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(valueOf(p, &c), w.AppendValue(nil, p, &c, c.Op, c.Before, c.After)); diff != "" {
		t.Error(diff)
	}
}

func TestAppendValueAllocatesNothing(t *testing.T) {
	p, w, c := compile(t), envelope.NewWriter(now), change()
	b := make([]byte, 0, 4<<10)
	got := testing.AllocsPerRun(100, func() {
		c.Origin.Time++
		if p.Check(&c) != nil {
			t.Fatal("bad change")
		}
		b = w.AppendValue(b[:0], p, &c, c.Op, c.Before, c.After)
	})
	if got != 0 {
		t.Errorf("got %v allocations", got)
	}
}

func BenchmarkAppendValue(b *testing.B) {
	p, w, c := compile(b), envelope.NewWriter(now), change()
	buf := make([]byte, 0, 4<<10)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Check(&c); err != nil {
			b.Fatal(err)
		}
		buf = w.AppendValue(buf[:0], p, &c, c.Op, c.Before, c.After)
	}
}
