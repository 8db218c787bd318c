// Command bench measures leat and Debezium side by side: on the same servers and
// data, in turns, counted at the broker. docs/benchmarks.md is its report.
//
// It judges no records: the tests beside it do. Start reading at bench, then the
// packages load (the work), contender (the programs), measure (one run) and report.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	return (&bench{options: o, log: slog.New(slog.NewTextHandler(os.Stderr, nil))}).run(ctx)
}
