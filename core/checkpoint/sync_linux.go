package checkpoint

import (
	"errors"
	"os"
	"syscall"
)

// synced is a file of which no more is made durable than its bytes, which is
// enough where its size stays the same.
type synced struct{ *os.File }

// Sync makes the bytes durable.
func (s synced) Sync() error {
	for {
		err := syscall.Fdatasync(int(s.Fd()))
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return &os.PathError{Op: "sync", Path: s.Name(), Err: err}
		}
	}
}
