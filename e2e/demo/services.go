package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/registry"
	"github.com/leat-io/leat/e2e/servers"
)

// The names that pipelines/demo.yaml gives.
const (
	topicPrefix = "shop"
	dataset     = "shop"
)

// services are what the pipeline talks to. All but MySQL live in this process.
type services struct {
	mysql    *servers.MySQLServer
	kafka    *kfake.Cluster
	registry *registry.Server
	bigquery *bigquery.Server
}

func startServices(ctx context.Context) (_ *services, err error) {
	s := &services{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.kafka, err = kfake.NewCluster(kfake.NumBrokers(1), kfake.DefaultNumPartitions(1)); err != nil {
		return nil, fmt.Errorf("start broker: %w", err)
	}
	if s.registry, err = registry.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	if s.bigquery, err = bigquery.Start(ctx, bigquery.Options{}); err != nil {
		return nil, fmt.Errorf("start stand-in of BigQuery: %w", err)
	}
	fmt.Println("starting MySQL …")
	s.mysql, err = servers.DemoMySQL(ctx)
	if err != nil {
		return nil, fmt.Errorf("start MySQL: %w", err)
	}
	return s, nil
}

func (s *services) brokers() string { return s.kafka.ListenAddrs()[0] }

func (s *services) close() {
	var errs []error
	if s.mysql != nil {
		errs = append(errs, s.mysql.Close())
	}
	if s.bigquery != nil {
		errs = append(errs, s.bigquery.Close())
	}
	if s.registry != nil {
		errs = append(errs, s.registry.Close())
	}
	if s.kafka != nil {
		s.kafka.Close()
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "demo: close services:", err)
	}
}
