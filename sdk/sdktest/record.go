package sdktest

import (
	"bytes"
	"fmt"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/frame"
)

// Record is a change or a message with all that it refers to.
type Record struct {
	// Change and the schema of its rows; the change's Schema follows from Row. A
	// change without an Origin gets an empty one.
	Change *sdk.Change
	Row    *sdk.RowSchema
	// Message and where it goes; the target's ids follow from the two schemas.
	Message                *sdk.Message
	Target                 *sdk.Target
	KeySchema, ValueSchema *sdk.MessageSchema
}

// Batch makes a batch of records, as a sink or a transform is given it.
func Batch(t TB, records ...Record) *sdk.Batch {
	t.Helper()
	raw, err := pack(frame.Header{Sequence: 1, Sinks: 1}, []byte{0}, records)
	if err != nil {
		t.Fatalf("make batch: %v", err)
	}
	known := map[sdk.SchemaID]sdk.Schema{}
	r := frame.NewReader(bytes.NewReader(raw))
	for {
		f, err := r.Read()
		if err != nil {
			t.Fatalf("make batch: %v", err)
		}
		if f.Type == frame.Batch {
			return sdk.NewBatch(f, known)
		}
		if known[sdk.SchemaID(f.Sequence)], err = sdk.ParseSchema(f.Payload); err != nil {
			t.Fatalf("make batch: %v", err)
		}
	}
}

// Decode returns the records of a batch; they share nothing with it.
func Decode(t TB, b *sdk.Batch) []Record {
	t.Helper()
	records, err := decode(b)
	if err != nil {
		t.Fatalf("decode batch %d: %v", b.Sequence(), err)
	}
	return records
}

func pack(h frame.Header, position []byte, records []Record) ([]byte, error) {
	return sdk.Pack(h, position, func(o *sdk.Output) error {
		var origin *sdk.Origin
		for _, r := range records {
			var err error
			switch {
			case r.Change != nil:
				err = packChange(o, &r, &origin)
			case r.Message != nil:
				err = packMessage(o, &r)
			default:
				err = fmt.Errorf("record %+v is neither change nor message", r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func packChange(o *sdk.Output, r *Record, origin **sdk.Origin) error {
	c := *r.Change
	if r.Row != nil {
		var err error
		if c.Schema, err = o.RowSchema(r.Row); err != nil {
			return err
		}
	}
	if c.Origin == nil {
		c.Origin = &sdk.Origin{}
	}
	if *origin == nil || **origin != *c.Origin {
		o.Origin(c.Origin)
		*origin = c.Origin
	}
	o.Change(&c)
	return nil
}

func packMessage(o *sdk.Output, r *Record) error {
	m, target := *r.Message, sdk.Target{}
	if r.Target != nil {
		target = *r.Target
	}
	for _, s := range []struct {
		schema *sdk.MessageSchema
		id     *sdk.SchemaID
	}{{r.KeySchema, &target.KeySchema}, {r.ValueSchema, &target.ValueSchema}} {
		if s.schema == nil {
			continue
		}
		var err error
		if *s.id, err = o.MessageSchema(s.schema); err != nil {
			return err
		}
	}
	m.Target = o.Target(&target)
	o.Message(&m)
	return nil
}
