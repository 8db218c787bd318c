// Command leat is the host: it runs pipelines, checks them, and shows plugins
// and checkpoints. Each command is a file named after it; start reading at
// app.go, which holds what they share.
package main

import (
	"os"

	"github.com/leat-io/leat/sdk"
)

func main() {
	sdk.Frugal()
	os.Exit(newApp(os.Stdout, os.Stderr).execute(os.Args[1:]))
}
