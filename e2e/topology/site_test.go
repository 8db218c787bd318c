//go:build e2e

package topology

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/leat-io/leat/e2e/bigquery"
	"github.com/leat-io/leat/e2e/harness"
	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/e2e/topology/internal/ledger"
)

// patience is how long anything may take that is waited for.
const patience = 90 * time.Second

// The passwords, in the environment of the definitions.
const (
	leatPassword        = "l3at-secret"
	replicationPassword = "r3pl-secret"
)

// site is all that runs: the picture of docs/operations.md.
type site struct {
	t            *testing.T
	certificates certificates

	shop, standby, billing, stock *servers.MySQLServer // services
	primary, secondary            *servers.MySQLServer // capture servers
	proxy                         *servers.HAProxyServer
	kafka                         *servers.KafkaServer
	registry                      *servers.RegistryServer
	warehouse                     *bigquery.Server

	ledger  *ledger.Ledger
	audit   *ledger.Audit
	reader  *reader
	writers map[string]*writer       // by database
	hosts   map[string]*harness.Host // by pipeline
	ends    []func()
}

func newSite(t *testing.T) *site {
	t.Helper()
	for _, given := range []string{servers.EnvMySQL, servers.EnvKafka, servers.EnvRegistry} {
		if os.Getenv(given) != "" {
			t.Fatalf("this test kills its servers and sets their levels: run it without %s", given)
		}
	}
	s := &site{
		t: t, certificates: newCertificates(t), ledger: ledger.New(),
		writers: map[string]*writer{}, hosts: map[string]*harness.Host{},
	}
	s.audit = ledger.NewAudit(s.ledger)
	t.Cleanup(s.close)
	s.startServers()
	s.startProxy()
	s.environment()
	s.compatibility("", "FULL")
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return s
}

// startServers starts all that need no address of another.
func (s *site) startServers() {
	s.t.Helper()
	g, ctx := errgroup.WithContext(s.t.Context())
	g.SetLimit(3) // each has only so long to start, and two cores to do it on
	mysql := func(to **servers.MySQLServer, flags ...string) {
		g.Go(func() (err error) {
			*to, err = servers.MySQL(ctx, servers.Options{
				Progress: os.Stderr, Flags: append(s.certificates.flags(), flags...),
				Env: []string{"LEAT_MYSQL_BUFFER_POOL=32M", "LEAT_MYSQL_REDO=32M"},
			})
			return err
		})
	}
	g.Go(func() (err error) {
		s.kafka, err = servers.Kafka(ctx, servers.Options{Progress: os.Stderr})
		return err
	})
	g.Go(func() (err error) {
		s.registry, err = servers.Registry(ctx, servers.Options{Progress: os.Stderr})
		return err
	})
	for _, service := range []**servers.MySQLServer{&s.shop, &s.standby, &s.billing, &s.stock} {
		mysql(service)
	}
	capture := s.captureFlags()
	mysql(&s.primary, capture...)
	mysql(&s.secondary, capture...)
	g.Go(func() (err error) {
		s.kafka, err = servers.Kafka(ctx, servers.Options{Progress: os.Stderr})
		return err
	})
	g.Go(func() (err error) {
		s.registry, err = servers.Registry(ctx, servers.Options{Progress: os.Stderr})
		return err
	})
	g.Go(func() (err error) {
		s.warehouse, err = bigquery.Start(context.WithoutCancel(ctx), bigquery.Options{})
		return err
	})
	if err := g.Wait(); err != nil {
		s.t.Fatal(err)
	}
}

// captureFlags are the settings of pipelines/topology/capture.cnf.
func (s *site) captureFlags() (flags []string) {
	s.t.Helper()
	for line := range strings.Lines(s.definition("capture.cnf")) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line[0] != '[' {
			flags = append(flags, "--"+line)
		}
	}
	return flags
}

// file returns the path of a definition in pipelines/topology.
func (s *site) file(name string) string {
	return filepath.Join(harness.Root(s.t), "pipelines", "topology", name)
}

func (s *site) definition(name string) string {
	s.t.Helper()
	text, err := os.ReadFile(s.file(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func (s *site) startProxy() {
	s.t.Helper()
	var err error
	s.proxy, err = servers.HAProxy(s.t.Context(), s.file("haproxy.cfg"), servers.Options{
		Progress: os.Stderr,
		Env:      []string{"CAPTURE_PRIMARY=" + s.primary.Addr(), "CAPTURE_SECONDARY=" + s.secondary.Addr()},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// environment is what the definitions refer to.
func (s *site) environment() {
	s.t.Helper()
	for name, value := range map[string]string{
		"CAPTURE_HOST": "localhost", "CAPTURE_PORT": strconv.Itoa(s.proxy.Port), "CA_FILE": s.certificates.ca,
		"LEAT_PASSWORD": leatPassword, "REPLICATION_PASSWORD": replicationPassword,
		"SHOP_UUID": s.uuid(s.shop), "BILLING_UUID": s.uuid(s.billing), "STOCK_UUID": s.uuid(s.stock),
		"SHOP_STANDBY_UUID": s.uuid(s.shop), // until somebody thinks of the standby
		"REGISTRY":          s.registry.URL, "KAFKA": s.kafka.Bootstrap,
		"BIGQUERY_REST": s.warehouse.RESTURL, "BIGQUERY_GRPC": s.warehouse.GRPCAddr,
		"CHECKPOINTS": s.t.TempDir(),
	} {
		s.t.Setenv(name, value)
	}
}

// compatibility sets the level of a subject at the registry, or the global one.
func (s *site) compatibility(subject, level string) {
	s.t.Helper()
	url := s.registry.URL + "/config"
	if subject != "" {
		url += "/" + subject
	}
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPut, url, strings.NewReader(fmt.Sprintf(`{"compatibility":%q}`, level)))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("set compatibility of %q: %s", subject, answer.Status)
	}
}

// background runs f until the test ends.
func (s *site) background(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() { f(ctx) })
	s.ends = append(s.ends, func() { cancel(); wg.Wait() })
}

// close ends everything; hosts end themselves.
func (s *site) close() {
	for _, end := range s.ends {
		end()
	}
	var errs []error
	if s.proxy != nil {
		errs = append(errs, s.proxy.Close())
	}
	for _, m := range []*servers.MySQLServer{s.shop, s.standby, s.billing, s.stock, s.primary, s.secondary} {
		if m != nil {
			errs = append(errs, m.Close())
		}
	}
	if s.kafka != nil {
		errs = append(errs, s.kafka.Close())
	}
	if s.registry != nil {
		errs = append(errs, s.registry.Close())
	}
	if s.warehouse != nil {
		errs = append(errs, s.warehouse.Close())
	}
	if err := errors.Join(errs...); err != nil {
		s.t.Errorf("end servers: %v", err)
	}
}
