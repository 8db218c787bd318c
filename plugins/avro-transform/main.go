// Command avro-transform is the leat plugin that turns row changes into the Avro
// messages that Debezium's MySQL connector sends, and keeps their schemas in a
// Confluent-compatible registry.
//
// It does not read or write brokers, and it changes no values: the source has
// encoded the rows. Start reading at Transform; Config has what can be set.
package main

import "github.com/leat-io/leat/sdk"

// version is set by the linker.
var version = "dev"

var info = sdk.Info{
	Name:    "avro-transform",
	Version: version,
	Summary: "Turns row changes into Debezium's Avro messages, with schemas in a Confluent-compatible registry.",
	Accepts: []sdk.RecordKind{sdk.Changes}, Emits: []sdk.RecordKind{sdk.Messages},

	Environment: sdk.ProxyEnvironment(),
}

func main() { sdk.ServeTransform(info, DefaultConfig, New) }
