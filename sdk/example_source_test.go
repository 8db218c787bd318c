package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/avro"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/sdktest"
)

// CounterConfig is what a user writes below "config" in the pipeline file.
type CounterConfig struct {
	Until int `koanf:"until" required:"true" unit:"rows" doc:"Last number that is sent."`
}

// Validate joins all faults; each names its key and the cure.
func (c *CounterConfig) Validate() error {
	if c.Until < 1 {
		return config.At("until", "give 1 or more", errors.New("is less than 1"))
	}
	return nil
}

// Counter is a source of rows with the numbers from 1 on.
type Counter struct {
	config CounterConfig
	done   []int // the last number that each sink has
	sent   atomic.Uint64
}

// Open learns where each sink stands.
func (c *Counter) Open(_ context.Context, r sdk.Resume) error {
	c.done = make([]int, len(r.Sinks))
	for i, s := range r.Sinks {
		if s.Checkpoint == nil {
			continue
		}
		var err error
		if c.done[i], err = strconv.Atoi(string(s.Checkpoint.Position.Base)); err != nil {
			// Nobody can mend this by waiting.
			return sdk.Permanent(fmt.Errorf("read position of sink %s: %w", s.Name, err))
		}
	}
	return nil
}

// need returns the sinks that do not have n yet.
func (c *Counter) need(n int) (set sdk.SinkSet) {
	for i, done := range c.done {
		if n > done {
			set = set.With(i)
		}
	}
	return set
}

// Read announces the schema, then writes a transaction for each number.
func (c *Counter) Read(ctx context.Context, w *sdk.Writer) error {
	schema, err := w.Schema(&sdk.RowSchema{
		Database: "example", Table: "numbers", Key: []int{0},
		Columns: []sdk.Column{{Name: "n", Type: sdk.Long, Native: sdk.NativeType{Name: "BIGINT", Length: -1, Scale: -1}}},
	})
	if err != nil {
		return err
	}
	for n := slices.Min(c.done) + 1; n <= c.config.Until && ctx.Err() == nil; n++ {
		if err := w.Direct(c.need(n)); err != nil {
			return err
		}
		row := avro.NewWriter(16)
		row.WriteLong(int64(n))
		w.Origin(&sdk.Origin{LogNumber: uint64(n)})
		change := sdk.Change{Op: sdk.Create, Schema: schema, Key: row.Buffer(), After: row.Buffer()}
		// The position is where to resume once this change is done.
		if err := w.Change(&change, sdk.Position{Base: strconv.AppendInt(nil, int64(n), 10)}); err != nil {
			return err
		}
		c.sent.Add(1)
	}
	return nil // nothing is left to read: the pipeline ends
}

// Progress tells how far it has come, for the status and the metrics of the
// pipeline. A source need not have it.
func (c *Counter) Progress() sdk.Progress {
	sent := c.sent.Load()
	behind := uint64(c.config.Until-slices.Min(c.done)) - sent
	return sdk.Progress{
		TransactionsBehind: &behind,
		Tables:             []sdk.TableProgress{{Database: "example", Table: "numbers", Rows: sent}},
	}
}

// Close has nothing to let go of.
func (c *Counter) Close(context.Context) error { return nil }

// NewCounter makes a source and connects to nothing.
func NewCounter(c CounterConfig, _ sdk.Env) (sdk.Source, error) { return &Counter{config: c}, nil }

// A source: its main function is
//
//	sdk.ServeSource(info, defaults, NewCounter)
//
// Here the plugin runs in the test's process instead, twice: the second time
// it resumes behind the first two rows.
func Example_source() {
	t := &example{}
	defer t.end()
	plugin := func() *sdk.Plugin {
		info := sdk.Info{Name: "counter", Version: "1.0.0", Summary: "Counts."}
		p := sdk.NewSource(info, func() CounterConfig { return CounterConfig{} }, NewCounter)
		p.LimitBatches(2)
		return p
	}
	var checkpoint *sdk.Checkpoint
	for range 2 {
		run, err := sdktest.RunSource(t, plugin(), map[string]any{"until": 3}, checkpoint)
		if err != nil {
			fmt.Println(err)
			return
		}
		b, err := run.Next()
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, r := range b.Records {
			n := avro.NewReader(r.Change.After).ReadLong()
			fmt.Printf("%c %s.%s n=%d\n", r.Change.Op, r.Row.Database, r.Row.Table, n)
		}
		checkpoint = run.Checkpoint(0)
		fmt.Printf("resume behind %s\n", checkpoint.Position.Base)
	}

	// Output:
	// c example.numbers n=1
	// c example.numbers n=2
	// resume behind 2
	// c example.numbers n=3
	// resume behind 3
}
