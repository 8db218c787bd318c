// Command bigquery-standin serves the BigQuery stand-in in a process of its own until it is interrupted.
//
// Its tables are in memory and go with it. Point clients at the two addresses, without authentication.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/leat-io/leat/e2e/bigquery"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bigquery-standin:", err)
		os.Exit(1)
	}
}

// run serves until the context ends; it writes where to out as soon as it does.
func run(ctx context.Context, args []string, out io.Writer) error {
	var o bigquery.Options
	flags := flag.NewFlagSet("bigquery-standin", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.RESTAddr, "rest", "127.0.0.1:9050", "address of the REST API")
	flags.StringVar(&o.GRPCAddr, "grpc", "127.0.0.1:9060", "address of the Storage Write API")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("parse flags: %w", err)
	}
	s, err := bigquery.Start(ctx, o)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	if _, err := fmt.Fprintf(out, "serving REST on %s and gRPC on %s\n", s.RESTURL, s.GRPCAddr); err != nil {
		return errors.Join(fmt.Errorf("say where: %w", err), s.Close())
	}
	<-ctx.Done()
	return s.Close()
}
