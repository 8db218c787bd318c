// Command demo shows leat at work: it starts a small shop on a real MySQL
// server, a broker, a schema registry and a stand-in for BigQuery, runs
// pipelines/demo.yaml with the real leat and its real plugins, changes rows, and
// prints each event as it was read back from the broker, beside the row in the
// warehouse.
//
// It runs until Ctrl-C, or for DEMO_SECONDS, and leaves nothing behind. Start
// reading at run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	ctx, cancel, err := limit(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	dir, err := os.MkdirTemp("", "leat-demo-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	services, err := startServices(ctx)
	if err != nil {
		return err
	}
	defer services.close()
	shop, err := openShop(ctx, services.mysql)
	if err != nil {
		return err
	}
	defer shop.close()
	host, err := startHost(services, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, host.stop()) }()

	screen := newScreen(os.Stdout, services, host)
	return perform(ctx, services, shop, host, screen)
}

// perform runs the parts side by side until ctx is done or one of them fails.
func perform(ctx context.Context, services *services, shop *shop, host *host, screen *screen) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	parts := []func(context.Context) error{
		host.watch,
		shop.trade,
		func(ctx context.Context) error { return readEvents(ctx, services, screen.event) },
		screen.refresh,
	}
	done := make(chan error, len(parts))
	for _, part := range parts {
		go func() { done <- part(ctx) }()
	}
	var err error
	for range parts {
		if e := <-done; e != nil && err == nil && ctx.Err() == nil {
			err = e
			cancel(e)
		}
	}
	screen.total()
	return err
}

// limit ends the demo after DEMO_SECONDS, if that is set.
func limit(ctx context.Context) (context.Context, context.CancelFunc, error) {
	s := os.Getenv("DEMO_SECONDS")
	if s == "" {
		ctx, cancel := context.WithCancel(ctx)
		return ctx, cancel, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n <= 0 {
		return nil, nil, fmt.Errorf("DEMO_SECONDS is %q: give a number of seconds", s)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(n)*time.Second)
	return ctx, cancel, nil
}
