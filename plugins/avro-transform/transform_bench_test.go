package main

import (
	"bytes"
	"testing"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
)

// BenchmarkTransform sends batches of the size that sources make through a plugin
// that runs in this process, its socket included.
func BenchmarkTransform(b *testing.B) {
	wide, wideRow := wideTable()
	benchmarks := map[string]struct {
		schema   *sdk.RowSchema
		row, key []byte
		records  int
		// each has every change in a transaction of its own.
		each bool
	}{
		"one transaction":    {items, item(1, "a", 5), itemKey(1, "a"), 1000, false},
		"a transaction each": {items, item(1, "a", 5), itemKey(1, "a"), 1000, true},
		"wide":               {wide, wideRow, []byte{2}, 100, false},
	}
	for name, bb := range benchmarks {
		b.Run(name, func(b *testing.B) {
			transform := start(b, newPlugin(), settings(registrytest.New(b), nil))
			batch := announce(b, transform, bb.schema, func(out *sdk.Output, id sdk.SchemaID) {
				for i := range bb.records {
					if i == 0 || bb.each {
						out.Origin(&origin)
					}
					out.Change(&sdk.Change{Schema: id, Op: sdk.Update, Offset: uint64(i), Key: bb.key, Before: bb.row, After: bb.row})
				}
			})
			b.ReportAllocs()
			for b.Loop() {
				if err := transform.writer.Write(batch); err != nil {
					b.Fatal(err)
				}
				answered(b, transform)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*bb.records), "ns/record")
		})
	}
}

// answered waits for the answer to a batch.
func answered(b *testing.B, transform *plugin) {
	b.Helper()
	for {
		f := transform.read(b)
		typ := f.Type
		f.Release()
		switch typ {
		case frame.Batch:
			return
		case frame.Fail:
			b.Fatal("the batch was refused")
		}
	}
}

// announce sends the schema of a table, and returns a batch of changes of it.
func announce(b *testing.B, to *plugin, schema *sdk.RowSchema, fill func(*sdk.Output, sdk.SchemaID)) *frame.Frame {
	b.Helper()
	packed, err := sdk.Pack(frame.Header{Stream: 1, Sequence: 1}, []byte("here"), func(out *sdk.Output) error {
		id, err := out.RowSchema(schema)
		if err == nil {
			fill(out, id)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	r := frame.NewReader(bytes.NewReader(packed))
	for {
		f, err := r.Read()
		if err != nil {
			b.Fatal(err)
		}
		if f.Type == frame.Batch {
			return f
		}
		if err := to.writer.Write(f); err != nil {
			b.Fatal(err)
		}
	}
}
