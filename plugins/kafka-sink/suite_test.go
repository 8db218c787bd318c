package main

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/sdktest"
)

// The sink is one that the host can rely on.
func TestSuite(t *testing.T) {
	cluster := kafkatest.Start(t, kfake.DefaultNumPartitions(3))
	with := func(key string, value any) map[string]any {
		return map[string]any{"brokers": cluster.ListenAddrs(), key: value}
	}
	target := &sdk.Target{Topic: "suite"}
	schema := &sdk.MessageSchema{Subject: "suite-key", Registered: 1, Avro: []byte(`"string"`)}
	sdktest.Sink(t, sdktest.SinkDriver{
		Driver: sdktest.Driver{
			New:    func() *sdk.Plugin { return sdk.NewSink(info, DefaultConfig, New) },
			Config: with("compression", "none"),
			Leaks:  []goleak.Option{kafkatest.Metrics},
			Invalid: map[string]any{
				"compression": with("compression", "rar"),
				"brokers[0]":  map[string]any{"brokers": []string{"kafka"}},
				"brokers":     map[string]any{},
			},
			Faults: []sdktest.Fault{{Name: "no broker answers", Transient: true, Config: map[string]any{
				"brokers": []string{"127.0.0.1:1"}, "dial_timeout": "100ms",
			}}},
		},
		Record: func(n int) sdktest.Record {
			return sdktest.Record{
				Message: &sdk.Message{Key: fmt.Append(nil, "key-", n%3), Value: strconv.AppendInt(nil, int64(n), 10), Time: 1},
				Target:  target, KeySchema: schema,
			}
		},
		Written: func(t *testing.T) []int {
			var out []int
			for _, r := range cluster.All(t, target.Topic) {
				n, err := strconv.Atoi(string(r.Value))
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, n)
			}
			return out
		},
		Bad: map[string]sdktest.Record{
			"a change": {
				Change: &sdk.Change{Op: sdk.Create, After: []byte{2}},
				Row:    &sdk.RowSchema{Database: "d", Table: "t", Columns: []sdk.Column{{Name: "a", Type: sdk.Long}}},
			},
		},
	})
}
