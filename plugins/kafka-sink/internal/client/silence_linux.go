package client

import (
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// unacknowledged is how long the other machine may leave what was sent without
// TCP's acknowledgement, which it gives even where its broker is busy. Without it a
// connection outlives a network that was away, in ever longer pauses.
const unacknowledged = 10 * time.Second

// limitSilence sets TCP_USER_TIMEOUT.
func limitSilence(_, _ string, c syscall.RawConn) error {
	var err error
	controlled := c.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unacknowledged/time.Millisecond))
	})
	if controlled != nil {
		err = controlled
	}
	if err != nil {
		return fmt.Errorf("set TCP_USER_TIMEOUT: %w", err)
	}
	return nil
}
