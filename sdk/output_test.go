package sdk

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/sdk/frame"
)

func TestOutput(t *testing.T) {
	t.Parallel()
	in := &frame.Frame{Header: frame.Header{Type: frame.Batch, Sequence: 4, Sinks: 5, Time: 6, Count: 9}, Position: []byte{0, 'p'}}
	out := &wire{}
	o := newOutput(frame.NewWriter(out))
	for range 2 { // the second batch is like the first, but its schema is known
		id, err := o.MessageSchema(&MessageSchema{Subject: "s", Avro: []byte("1")})
		if err != nil {
			t.Fatal(err)
		}
		first, second := o.Target(&Target{Topic: "a"}), o.Target(&Target{Topic: "b", ValueSchema: id})
		if first != 0 || second != 1 {
			t.Errorf("targets are numbered %d and %d", first, second)
		}
		o.Message(&Message{Target: second})
		if err := o.finish(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.finish(in); err != nil { // nothing was written to it
		t.Fatal(err)
	}
	want := []string{
		"schema", "batch 4 for 101: 1 at p+0, time 6", "batch 4 for 101: 1 at p+0, time 6", "batch 4 for 101: 0 at p+0, time 6",
	}
	if diff := cmp.Diff(want, out.frames(t)); diff != "" {
		t.Error(diff)
	}
}

func TestOutputErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	o := newOutput(frame.NewWriter(&wire{err: broken}))
	if _, err := o.RowSchema(&RowSchema{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := o.finish(&frame.Frame{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
