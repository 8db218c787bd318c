package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/bench/internal/broker"
	"github.com/leat-io/leat/e2e/bench/internal/contender"
	"github.com/leat-io/leat/e2e/servers"
)

// lab is the servers, ours to end.
type lab struct{ *contender.Lab }

// startLab starts servers that are configured for load, side by side. Those that
// the environment names are taken as they are.
func startLab(ctx context.Context) (*lab, error) {
	l := &lab{&contender.Lab{}}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		l.MySQL, err = servers.MySQL(gctx, given(servers.EnvMySQL, "LEAT_MYSQL_BUFFER_POOL=2G", "LEAT_MYSQL_REDO=2G"))
		return err
	})
	g.Go(func() (err error) {
		l.Kafka, err = servers.Kafka(gctx, given(servers.EnvKafka, "LEAT_KAFKA_JVM=-Xms1g -Xmx1g -XX:+UseG1GC"))
		return err
	})
	g.Go(func() (err error) {
		l.Registry, err = servers.Registry(gctx, servers.Options{Progress: os.Stderr})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("start servers: %w", err), l.close())
	}
	return l, nil
}

// given returns options with the settings, none if variable names a server.
func given(variable string, env ...string) servers.Options {
	if os.Getenv(variable) != "" {
		return servers.Options{}
	}
	return servers.Options{Env: env, Progress: os.Stderr}
}

func (l *lab) close() error {
	var errs []error
	if l.MySQL != nil {
		errs = append(errs, l.MySQL.Close())
	}
	if l.Kafka != nil {
		errs = append(errs, l.Kafka.Close())
	}
	if l.Registry != nil {
		errs = append(errs, l.Registry.Close())
	}
	return errors.Join(errs...)
}

// versions are those of the servers.
func (l *lab) versions(ctx context.Context, b *broker.Broker) (map[string]string, error) {
	kafka, err := b.Version(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := l.MySQL.DB(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	r, err := conn.Execute("SELECT VERSION()")
	if err != nil {
		return nil, fmt.Errorf("read version of MySQL: %w", err)
	}
	mysql, err := r.GetString(0, 0)
	if err != nil {
		return nil, fmt.Errorf("read version of MySQL: %w", err)
	}
	return map[string]string{"MySQL": mysql, "Kafka": kafka}, nil
}
