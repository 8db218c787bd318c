package sdktest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

func TestBatchAndDecode(t *testing.T) {
	origin := sdk.Origin{Transaction: "t1", Time: 5}
	schema := &sdk.MessageSchema{Subject: "s", Registered: 1, Avro: []byte(`"string"`)}
	want := []sdktest.Record{
		{Row: &rowSchema, Change: &sdk.Change{Op: sdk.Create, Key: []byte("k"), After: []byte{}, Origin: &origin}},
		{Row: &sdk.RowSchema{Table: "other"}, Change: &sdk.Change{Op: sdk.Delete, Before: []byte("b"), Origin: &origin}},
		{
			Message: &sdk.Message{Key: []byte("k"), Order: [4]uint64{1, 2, 3, 4}, Headers: []sdk.Header{{Key: "h", Value: []byte("v")}}},
			Target:  &sdk.Target{Topic: "t"}, KeySchema: schema, ValueSchema: schema,
		},
	}
	b := sdktest.Batch(t, want...)
	if b.Len() != 3 || b.Sequence() != 1 {
		t.Errorf("%d records, sequence %d", b.Len(), b.Sequence())
	}
	ids := cmp.Options{
		cmpopts.IgnoreFields(sdk.Change{}, "Schema"), cmpopts.IgnoreFields(sdk.Target{}, "KeySchema", "ValueSchema"),
	}
	if diff := cmp.Diff(want, sdktest.Decode(t, b), ids); diff != "" {
		t.Error(diff)
	}
}

// failing is a source that fails in mid stream.
type failing struct{ err error }

func (f *failing) Open(context.Context, sdk.Resume) error { return nil }
func (f *failing) Close(context.Context) error            { return nil }
func (f *failing) Read(_ context.Context, w *sdk.Writer) error {
	if err := w.State(sdk.StateChange{Key: "a", Value: []byte("1")}, sdk.StateChange{Key: "b", Value: []byte("2")}); err != nil {
		return err
	}
	if err := w.Advance(sdk.Position{Base: []byte("p")}, 3); err != nil {
		return err
	}
	if err := w.State(sdk.StateChange{Key: "a"}); err != nil {
		return err
	}
	return f.err // the second change of state has no position
}

func TestSourceRun(t *testing.T) {
	tests := map[string]struct {
		err       error
		transient bool
	}{
		"a stream that ends":                   {nil, false},
		"a transient error behind what it has": {errors.New("gone"), true},
		"a permanent error behind what it has": {sdk.Permanent(errors.New("gone for good")), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := sdk.NewSource(sdk.Info{Name: "failing"}, defaults(""), func(options, sdk.Env) (sdk.Source, error) {
				return &failing{tt.err}, nil
			})
			before := &sdk.Checkpoint{State: map[string][]byte{"b": []byte("0"), "c": []byte("3")}}
			run, err := sdktest.RunSource(t, p, map[string]any{"size": 1}, nil, before)
			if err != nil {
				t.Fatal(err)
			}
			b, err := run.Next()
			if err != nil || string(b.Position.Base) != "p" || b.Time != 3 || b.Sinks != 3 {
				t.Fatalf("got %+v, error %v", b, err)
			}
			b, err = run.Next()
			if b != nil || (err == nil) != (tt.err == nil) || err != nil && (err.Error() != tt.err.Error() || sdk.IsTransient(err) != tt.transient) {
				t.Errorf("got %+v, error %v", b, err)
			}
			for i, want := range []map[string][]byte{
				{"a": []byte("1"), "b": []byte("2")}, {"a": []byte("1"), "b": []byte("2"), "c": []byte("3")},
			} {
				if diff := cmp.Diff(want, run.Checkpoint(i).State); diff != "" {
					t.Errorf("state of sink %d:\n%s", i, diff)
				}
			}
		})
	}
}
