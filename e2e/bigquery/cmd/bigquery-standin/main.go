// Command bigquery-standin serves the BigQuery stand-in in a process of its own until it is interrupted.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/leat-io/leat/e2e/bigquery"
)

func main() {
	var o bigquery.Options
	flag.StringVar(&o.RESTAddr, "rest", "127.0.0.1:9050", "address of the REST API")
	flag.StringVar(&o.GRPCAddr, "grpc", "127.0.0.1:9060", "address of the Storage Write API")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := bigquery.Start(ctx, o)
	if err != nil {
		slog.Error("start stand-in", "err", err)
		os.Exit(1)
	}
	slog.Info("serving", "rest", s.RESTURL, "grpc", s.GRPCAddr)
	<-ctx.Done()
	if err := s.Close(); err != nil {
		slog.Error("close stand-in", "err", err)
		os.Exit(1)
	}
}
