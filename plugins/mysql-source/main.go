// Command mysql-source is the leat plugin that reads the binary log of MySQL or
// MariaDB: a consistent snapshot of the captured tables first, then every change
// of their rows, resumed at the very row after any interruption.
//
// It writes nothing to the server and keeps no history of statements elsewhere:
// the definitions of the tables are part of the checkpoint. Start reading at
// source.go, then internal/stream; Config has what can be set.
package main

import "github.com/leat-io/leat/sdk"

// version is set by the linker.
var version = "dev"

var info = sdk.Info{
	Name:    "mysql-source",
	Version: version,
	Summary: "Reads row changes from the binary log of MySQL or MariaDB, after a consistent snapshot.",
	Emits:   []sdk.RecordKind{sdk.Changes},
}

func main() { sdk.ServeSource(info, DefaultConfig, New) }
