// Package run has both contenders capture one case, on the same server and the same log, and
// returns what each has written.
//
// Start reading at Lab and Lab.Run.
package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/servers"
)

// Lab has the servers. Cases may run side by side.
type Lab struct {
	MySQL    *servers.MySQLServer
	Kafka    *servers.KafkaServer
	Registry *servers.RegistryServer
	Connect  *servers.ConnectServer

	// Root is the folder of the clone, whose bin has leat.
	Root string

	run   string // tells the topics of this run from those of others on the same servers
	count atomic.Uint32
}

// NewLab starts the servers, or takes those that the environment names.
func NewLab(ctx context.Context, root string) (*Lab, error) { return newLab(ctx, root, true) }

// NewLeatLab does without Kafka Connect, and so without Debezium.
func NewLeatLab(ctx context.Context, root string) (*Lab, error) { return newLab(ctx, root, false) }

func newLab(ctx context.Context, root string, connect bool) (*Lab, error) {
	lab := &Lab{Root: root, run: strconv.FormatUint(rand.Uint64N(36*36*36*36), 36)}
	g, gctx := errgroup.WithContext(ctx)
	opts := servers.Options{Progress: os.Stderr}
	g.Go(func() (err error) { lab.MySQL, err = servers.MySQL(gctx, opts); return err })
	g.Go(func() (err error) { lab.Kafka, err = servers.Kafka(gctx, opts); return err })
	g.Go(func() (err error) { lab.Registry, err = servers.Registry(gctx, opts); return err })
	err := g.Wait()
	if err == nil && connect {
		lab.Connect, err = servers.Connect(ctx, lab.Kafka, lab.Registry, opts)
	}
	if err == nil {
		// What a registry refuses is no matter of the format; the pipelines' own tests judge it.
		err = setCompatibility(ctx, lab.Registry.URL, "NONE")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start servers: %w", err), lab.Close())
	}
	return lab, nil
}

// Environment names the servers for other processes, as the lines of a shell script.
func (l *Lab) Environment() string {
	return fmt.Sprintf("export %s=%s:%s@%s\nexport %s=%s\nexport %s=%s\nexport %s=%s\n",
		servers.EnvMySQL, l.MySQL.User, l.MySQL.Password, l.MySQL.Addr(),
		servers.EnvKafka, l.Kafka.Bootstrap, servers.EnvRegistry, l.Registry.URL, servers.EnvConnect, l.Connect.URL)
}

// Close ends the servers that were started here.
func (l *Lab) Close() error {
	var errs []error
	for _, server := range []io.Closer{closer(l.Connect), closer(l.Registry), closer(l.Kafka), closer(l.MySQL)} {
		if server != nil {
			errs = append(errs, server.Close())
		}
	}
	return errors.Join(errs...)
}

// closer returns nil for a server that never started.
func closer[S interface {
	*servers.MySQLServer | *servers.KafkaServer | *servers.RegistryServer | *servers.ConnectServer
	io.Closer
}](s S,
) io.Closer {
	if s == nil {
		return nil
	}
	return s
}

func setCompatibility(ctx context.Context, url, level string) error {
	body := bytes.NewReader([]byte(`{"compatibility":"` + level + `"}`))
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, url+"/config", body)
	if err != nil {
		return fmt.Errorf("set compatibility: %w", err)
	}
	request.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("set compatibility: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("set compatibility: %s answers %s", request.URL, response.Status)
	}
	return nil
}
