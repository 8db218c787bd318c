// Command kafka-sink is the plugin that writes messages to Kafka topics.
//
// It takes messages, which a transform such as avro-transform makes of changes;
// it does not encode rows. Start reading at config.go, then sink.go. What the
// sink is made of stands in internal: topic finds and creates topics, partition
// chooses partitions, produce sends, client connects, fault explains errors.
package main

import (
	"github.com/rcrowley/go-metrics"

	"github.com/leat-io/leat/sdk"
)

// version is set by the linker.
var version = "dev"

var info = sdk.Info{
	Name:    "kafka-sink",
	Version: version,
	Summary: "Writes messages to Kafka topics, idempotently and in order of each key.",
	Accepts: []sdk.RecordKind{sdk.Messages},
	// The provider of sasl.oidc may be behind a proxy. Brokers never are.
	Environment: sdk.ProxyEnvironment(),
}

func main() {
	metrics.UseNilMetrics = true // sarama's own, which nobody reads
	sdk.ServeSink(info, DefaultConfig, New)
}
