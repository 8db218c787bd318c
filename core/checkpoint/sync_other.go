//go:build !linux

package checkpoint

import "os"

// synced is a file with the system's own way to make it durable.
type synced struct{ *os.File }
