package sdk

import (
	"io"
	"testing"

	"github.com/leat-io/leat/sdk/frame"
)

// BenchmarkWriter takes a change of 200 bytes.
func BenchmarkWriter(b *testing.B) {
	w := newWriter(frame.NewWriter(io.Discard), 1, 1)
	defer w.close()
	id, err := w.Schema(&RowSchema{Table: "t"})
	if err != nil {
		b.Fatal(err)
	}
	w.Origin(&Origin{Transaction: "gtid:1"})
	c := &Change{Op: Create, Schema: id, Key: make([]byte, 8), After: make([]byte, 192)}
	p := Position{Base: []byte("gtid:1-5")}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Change(c, p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOutput takes a message of 200 bytes.
func BenchmarkOutput(b *testing.B) {
	o := newOutput(frame.NewWriter(io.Discard))
	id, err := o.MessageSchema(&MessageSchema{Subject: "s", Avro: []byte("{}")})
	if err != nil {
		b.Fatal(err)
	}
	target := o.Target(&Target{Topic: "t", ValueSchema: id})
	m := &Message{Target: target, Key: make([]byte, 8), Value: make([]byte, 192)}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		o.Message(m)
		if n%softRecords == 0 {
			o.pack.buf, o.count = o.pack.buf[:0], 0
		}
	}
}

// BenchmarkRecords reads a batch of 1,000 changes of 200 bytes.
func BenchmarkRecords(b *testing.B) {
	var p packer
	p.origin(&fullOrigin)
	for range softRecords {
		p.change(&Change{Op: Create, Schema: 7, Key: make([]byte, 8), After: make([]byte, 192)})
	}
	batch := &Batch{frame: &frame.Frame{Header: frame.Header{Count: softRecords}, Payload: p.buf}}
	b.ReportAllocs()
	for b.Loop() {
		it := batch.Records()
		for it.Next() {
		}
		if it.Err() != nil {
			b.Fatal(it.Err())
		}
	}
}
