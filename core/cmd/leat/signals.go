package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signalled is why a context ended.
type signalled struct{ signal os.Signal }

func (s *signalled) Error() string { return s.signal.String() }

func (s *signalled) code() int {
	if n, ok := s.signal.(syscall.Signal); ok {
		return exitSignal + int(n)
	}
	return exitFailure
}

// signals returns a context that the first SIGINT or SIGTERM ends. The second
// ends the process at once.
func (a *app) signals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	received := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(received, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		defer close(done)
		for stopping := false; ; stopping = true {
			s, ok := <-received
			if !ok {
				return
			}
			if stopping {
				a.exit((&signalled{s}).code())
				return
			}
			cancel(&signalled{s})
		}
	}()
	return ctx, func() {
		signal.Stop(received)
		close(received)
		<-done
		cancel(nil)
	}
}
