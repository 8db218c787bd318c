package sdktest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// shout is a transform: it makes a message of each change, in upper case.
type shout struct {
	options options
	count   int
}

func (s *shout) is(fault string) bool { return s.options.fault == fault }

func (s *shout) Open(context.Context) error {
	leave(s.options.fault)
	return s.options.open()
}

func (s *shout) Transform(_ context.Context, in *sdk.Batch, out *sdk.Output) error {
	schema, err := out.MessageSchema(&sdk.MessageSchema{Subject: "s", Registered: 1, Avro: []byte(`"string"`)})
	if err != nil {
		return err
	}
	target := out.Target(&sdk.Target{Topic: "t", ValueSchema: schema})
	it := in.Records()
	for it.Next() {
		s.count++
		c := it.Change()
		if c.After == nil && s.is("takes bad records") || s.is("loses a record") && s.count == 2 {
			continue
		}
		if c.After == nil {
			return s.bad(c)
		}
		value := bytes.ToUpper(c.After)
		if s.is("counts across batches") {
			value = fmt.Append(nil, s.count)
		}
		out.Message(&sdk.Message{Target: target, Key: c.Key, Value: value})
	}
	return it.Err()
}

func (s *shout) bad(c *sdk.Change) error {
	err := errors.New("change has no value: " + string(c.Key))
	if s.is("retries bad records") {
		return err
	}
	return sdk.Permanent(err)
}

func (s *shout) Close(context.Context) error { return nil }

func change(key, after string) sdktest.Record {
	return sdktest.Record{Row: &rowSchema, Change: &sdk.Change{Op: sdk.Create, Key: []byte(key), After: []byte(after)}}
}

func transformDriver(fault string) sdktest.TransformDriver {
	d := sdktest.TransformDriver{
		Driver:  base(fault),
		Batches: [][]sdktest.Record{{change("1", "a"), change("2", "b")}, {change("1", "c")}, {change("3", "d")}},
		Bad:     map[string]sdktest.Record{"no value": {Row: &rowSchema, Change: &sdk.Change{Op: sdk.Delete, Key: []byte("1")}}},
		Check: func(t *testing.T, in, out []sdktest.Record) {
			if len(in) != len(out) {
				t.Fatalf("%d records became %d", len(in), len(out))
			}
			for i := range in {
				if got, want := out[i].Message.Value, bytes.ToUpper(in[i].Change.After); !bytes.Equal(got, want) && fault == "" {
					t.Errorf("value %q, want %q", got, want)
				}
			}
		},
	}
	d.New = func() *sdk.Plugin {
		return sdk.NewTransform(info(fault), defaults(fault), func(o options, _ sdk.Env) (sdk.Transform, error) {
			return &shout{options: o}, nil
		})
	}
	return d
}
