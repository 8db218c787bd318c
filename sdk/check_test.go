package sdk

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk/frame"
)

func TestSchemasThatNobodyCanReadAreRefused(t *testing.T) {
	t.Parallel()
	id := []Column{{Name: "id", Type: Long}, {Name: "b", Type: Vector, Nullable: true}}
	tests := map[string]struct {
		schema Schema
		want   string
	}{
		"OK":                            {Schema{Row: &RowSchema{Columns: id, Key: []int{1, 0}}}, ""},
		"OK: without rows":              {Schema{Message: &MessageSchema{Avro: json.RawMessage("{}")}}, ""},
		"a key beyond the columns":      {Schema{Row: &RowSchema{Database: "d", Table: "t", Columns: id, Key: []int{2}}}, "d.t: key [2] names column 2 of 2"},
		"a key before the columns":      {Schema{Row: &RowSchema{Columns: id, Key: []int{-1}}}, "column -1 of 2"},
		"a key that has a column twice": {Schema{Row: &RowSchema{Columns: id, Key: []int{0, 0}}}, "twice"},
		"an unknown type":               {Schema{Row: &RowSchema{Columns: []Column{{Name: "x", Type: "decimal"}}}}, `x, has the unknown type "decimal"`},
		"rows behind a message":         {Schema{Message: &MessageSchema{Avro: json.RawMessage("{}"), Row: &RowSchema{Key: []int{0}}}}, "column 0 of 0"},
		"neither":                       {Schema{}, "one of row and message"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := tt.schema.Encode()
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ErrInvalid) || IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the sender says %v", err)
			}
			b, err := json.Marshal(tt.schema)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ParseSchema(b); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the receiver says %v", err)
			}
		})
	}
}

func TestWriterRefusesWhatNobodyCanRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(w *Writer) error
		want string
	}{
		"an unknown operation":     {func(w *Writer) error { return w.Change(&Change{Op: 'x', Schema: announced}, Position{}) }, "operation 'x'"},
		"an unknown snapshot mark": {func(w *Writer) error { return w.Change(&Change{Op: Read, Snapshot: 7, Schema: announced}, Position{}) }, "snapshot mark 7"},
		"a schema of nobody":       {func(w *Writer) error { return w.Change(&Change{Op: Read, Schema: 9}, Position{}) }, "schema 9, which was not announced"},
		"no schema":                {func(w *Writer) error { return w.Change(&Change{Op: Read}, Position{}) }, "schema 0"},
		"sinks beyond the last":    {func(w *Writer) error { return w.Direct(4) }, "sinks 100, the pipeline has 11"},
		"no sink": {func(w *Writer) error {
			return errors.Join(w.Direct(0), w.Change(&Change{Op: Read, Schema: announced}, Position{}), w.Flush())
		}, "for no sink"},
		"a key beyond the columns": {func(w *Writer) error { _, err := w.Schema(&RowSchema{Key: []int{0}}); return err }, "names column 0 of 0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := &wire{}
			w := testWriter(frame.NewWriter(out), 1, 3)
			defer w.close()
			w.Origin(&Origin{})
			if err := w.Change(&Change{Op: Create, Schema: announced}, Position{}); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			err := tt.do(w)
			if !errors.Is(err, ErrInvalid) || IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
			_ = w.Flush() // the error was looked at
			if got := out.frames(t); len(got) != 1 {
				t.Errorf("it was sent: %v", got)
			}
		})
	}
}

func TestOutputRefusesWhatNobodyCanRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(o *Output)
		want string
	}{
		"an unknown operation": {func(o *Output) { o.Origin(&Origin{}); o.Change(&Change{Op: 'x', Schema: announced}) }, "operation 'x'"},
		"no origin":            {func(o *Output) { o.Change(&Change{Op: Create, Schema: announced}) }, "without an origin"},
		"a schema of messages": {func(o *Output) { o.Origin(&Origin{}); o.Change(&Change{Op: Create, Schema: 8}) }, "row schema 8"},
		"a schema of rows":     {func(o *Output) { o.Target(&Target{Topic: "t", ValueSchema: announced}) }, "message schema 7"},
		"a schema of nobody":   {func(o *Output) { o.Target(&Target{Topic: "t", KeySchema: 9}) }, "message schema 9"},
		"a target of nobody":   {func(o *Output) { o.Target(&Target{KeySchema: 8}); o.Message(&Message{Target: 1}) }, "target 1, the batch has 1"},
		"a target before":      {func(o *Output) { o.Message(&Message{Target: -1}) }, "target -1"},
		"too many headers":     {func(o *Output) { o.Target(&Target{Headers: make([]Header, maxHeaders+1)}) }, "65537 headers"},
		"of a message": {func(o *Output) {
			o.Message(&Message{Target: o.Target(&Target{}), Headers: make([]Header, maxHeaders+1)})
		}, "65537 headers"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := &wire{}
			o := newOutput(frame.NewWriter(out))
			o.add(Schema{Row: &RowSchema{}}, announced)
			o.add(Schema{Message: &MessageSchema{}}, 8)
			tt.do(o)
			err := o.finish(&frame.Frame{})
			if !errors.Is(err, ErrInvalid) || IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
			if got := out.frames(t); len(got) != 0 {
				t.Errorf("it was sent: %v", got)
			}
		})
	}
}

func TestABatchHasAsManyRecordsAsItSays(t *testing.T) {
	t.Parallel()
	var p packer
	p.origin(&Origin{})
	for range 2 {
		p.change(&Change{Op: Create})
	}
	for count, want := range map[uint32]error{1: ErrRecord, 2: nil, 3: ErrRecord} {
		b := &Batch{frame: &frame.Frame{Header: frame.Header{Count: count}, Payload: p.buf}}
		it := b.Records()
		for it.Next() {
		}
		if !errors.Is(it.Err(), want) {
			t.Errorf("of a batch that says %d: %v", count, it.Err())
		}
	}
}
