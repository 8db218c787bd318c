package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// NamesConfig is what a user writes below "config" in the pipeline file.
type NamesConfig struct {
	Prefix string `koanf:"prefix" doc:"What each topic begins with."`
}

var errNoKey = errors.New("change has no key, which a message needs")

// Names is a transform that makes a message of each change: its topic names the
// table, its key and value are the row's.
type Names struct {
	prefix   string
	messages prometheus.Counter
}

// Open connects to nothing here.
func (n *Names) Open(context.Context) error { return nil }

// Transform writes a message for each change.
func (n *Names) Transform(_ context.Context, in *sdk.Batch, out *sdk.Output) error {
	targets := map[sdk.SchemaID]int{} // they are made known once in each batch
	it := in.Records()
	for it.Next() {
		c := it.Change()
		if c == nil {
			continue // a message is dropped; the batch is answered all the same
		}
		if c.Key == nil {
			return sdk.Permanent(fmt.Errorf("%w: %w", sdk.ErrRecord, errNoKey))
		}
		target, ok := targets[c.Schema]
		if !ok {
			row, err := in.RowSchema(c.Schema)
			if err != nil {
				return err
			}
			topic := strings.Join([]string{n.prefix, row.Database, row.Table}, ".")
			target = out.Target(&sdk.Target{Topic: topic})
			targets[c.Schema] = target
		}
		out.Message(&sdk.Message{
			Target: target, Key: c.Key, Value: c.After, Time: c.Origin.Time / 1000,
			Order: [4]uint64{c.Origin.Epoch, c.Origin.LogNumber, c.Offset, uint64(c.Row)},
		})
		n.messages.Inc()
	}
	return it.Err()
}

// Close has nothing to let go of.
func (n *Names) Close(context.Context) error { return nil }

// NewNames makes a transform; its metrics get the labels pipeline and plugin.
func NewNames(c NamesConfig, env sdk.Env) (sdk.Transform, error) {
	messages := prometheus.NewCounter(prometheus.CounterOpts{Name: "names_messages_total", Help: "Messages made."})
	return &Names{prefix: c.Prefix, messages: messages}, env.Metrics.Register(messages)
}

// A transform: its main function is
//
//	sdk.ServeTransform(info, defaults, NewNames)
func Example_transform() {
	t := &example{}
	defer t.end()
	info := sdk.Info{Name: "names", Version: "1.0.0", Summary: "Names topics by tables."}
	plugin := sdk.NewTransform(info, func() NamesConfig { return NamesConfig{Prefix: "leat"} }, NewNames)
	run, err := sdktest.RunTransform(t, plugin, map[string]any{})
	if err != nil {
		fmt.Println(err)
		return
	}
	run.Send(sdktest.Record{
		Row:    &sdk.RowSchema{Database: "shop", Table: "orders"},
		Change: &sdk.Change{Op: sdk.Create, Key: []byte("7"), After: []byte("row 7")},
	})
	records, err := run.Answer()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range records {
		fmt.Printf("%s %s: %s\n", r.Target.Topic, r.Message.Key, r.Message.Value)
	}

	// Output:
	// leat.shop.orders 7: row 7
}
