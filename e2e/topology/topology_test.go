//go:build e2e

package topology

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/core/status"
	"github.com/leat-io/leat/e2e/harness"
	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/e2e/topology/internal/ledger"
)

// TestTopology is the story. Each phase leaves the site as it found it, all rows through.
func TestTopology(t *testing.T) {
	s := newSite(t)
	s.services()
	s.capture()
	s.validates("shop", "billing")
	s.runs([]string{"shop"}, []string{"billing"})
	s.snapshotsEnd("shop", "billing")
	s.caughtUp("shop", "billing")
	s.phase("a service is added", s.serviceAdded)
	for range rounds(t) {
		s.phase("the capture primary fails", s.captureFails)
		s.phase("a channel lags", s.channelLags)
		s.phase("the log that is read is begun anew", s.logBegunAnew)
	}
	s.phase("a service fails over to a server that nobody thought of", s.serviceFails)
	s.phase("a service fails over to a server that is included", s.serviceFailsBack)
	s.phase("a schema is accepted, and one is refused", s.schemasChange)
	s.judge()
}

// phase runs a part of the story, and says how long it took.
func (s *site) phase(name string, run func()) {
	s.t.Helper()
	began := time.Now()
	s.t.Logf("%s …", name)
	run()
	s.t.Logf("%s: through in %v", name, time.Since(began).Round(time.Second))
}

// rounds is how often servers fail, lag and are reset: once, or as LEAT_TOPOLOGY_ROUNDS says.
func rounds(t *testing.T) int {
	text := os.Getenv("LEAT_TOPOLOGY_ROUNDS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("LEAT_TOPOLOGY_ROUNDS is %q, want a number from 1 on", text)
	}
	return n
}

// validates has leat look at the definitions and all that they name before anything runs.
func (s *site) validates(pipelines ...string) {
	s.t.Helper()
	args := []string{"validate"}
	for _, pipeline := range pipelines {
		args = append(args, s.file(pipeline+".yaml"))
	}
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(harness.Root(s.t), "bin/leat"), args...)
	said, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(said), "replica filters") {
		s.t.Fatalf("leat validate: %v, want no error and nothing of the channels' filters:\n%s", err, said)
	}
}

// services makes the databases, and has their writers begin.
func (s *site) services() {
	s.t.Helper()
	const columns = "(id BIGINT PRIMARY KEY, v BIGINT NOT NULL, note VARCHAR(150) NOT NULL DEFAULT '', %s)"
	for _, service := range []*servers.MySQLServer{s.shop, s.standby, s.billing, s.stock} {
		s.script(service, "replication.sql")
	}
	s.exec(s.shop, "CREATE DATABASE shop",
		fmt.Sprintf("CREATE TABLE shop.orders "+columns, "placed DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)"),
		fmt.Sprintf("CREATE TABLE shop.items "+columns, "price DECIMAL(10,2) NOT NULL DEFAULT 9.99"),
		fmt.Sprintf("CREATE TABLE shop.customers "+columns, "card VARCHAR(20) NOT NULL DEFAULT '4111111111111111'"),
		"CREATE TABLE shop.audit_log (id BIGINT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(50))")
	s.replica(s.standby, s.shop)
	s.exec(s.billing, "CREATE DATABASE billing",
		fmt.Sprintf("CREATE TABLE billing.invoices "+columns, "amount INT NOT NULL DEFAULT 5"),
		fmt.Sprintf("CREATE TABLE billing.payments "+columns, "paid BOOLEAN NOT NULL DEFAULT FALSE"))
	s.exec(s.stock, "CREATE DATABASE stock",
		fmt.Sprintf("CREATE TABLE stock.levels "+columns, "amount INT UNSIGNED NOT NULL DEFAULT 3"))
	s.writers["shop"] = newWriter(s.t, s.ledger, s.shop, "shop", "INSERT INTO shop.audit_log (what) VALUES ('written')", "orders", "items", "customers")
	s.writers["billing"] = newWriter(s.t, s.ledger, s.billing, "billing", "", "invoices", "payments")
	s.writers["stock"] = newWriter(s.t, s.ledger, s.stock, "stock", "", "levels")
	for _, w := range s.writers {
		s.background(w.run)
	}
}

// capture has the pair follow the two services that it begins with, and reads what comes of them.
func (s *site) capture() {
	s.t.Helper()
	for _, capture := range []*servers.MySQLServer{s.primary, s.secondary} {
		s.script(capture, "accounts.sql")
		s.channel(capture, s.shop, "shop")
		s.channel(capture, s.billing, "billing")
		s.followed(capture, s.shop)
		s.followed(capture, s.billing)
	}
	s.reader = newReader(s.t, s.kafka.Bootstrap, s.registry.URL, s.audit)
	s.background(s.reader.run)
}

// runs has each group of pipelines run in a leat of its own, in place of what ran before.
func (s *site) runs(groups ...[]string) {
	s.t.Helper()
	for _, group := range groups {
		for _, pipeline := range group {
			s.stops(pipeline)
		}
	}
	for _, group := range groups {
		var files []string
		for _, pipeline := range group {
			files = append(files, s.file(pipeline+".yaml"))
		}
		host := harness.Start(s.t, files...)
		for _, pipeline := range group {
			s.hosts[pipeline] = host
		}
		host.Ready()
	}
}

// stops ends the leat of a pipeline, if it has one, and with it the other pipelines in it.
func (s *site) stops(pipeline string) {
	s.t.Helper()
	host := s.hosts[pipeline]
	if host == nil {
		return
	}
	if code := host.Stop(); code != 0 {
		s.t.Errorf("leat with %s ends with code %d, want 0", pipeline, code)
	}
	maps.DeleteFunc(s.hosts, func(_ string, h *harness.Host) bool { return h == host })
}

// snapshotsEnd waits until the snapshots of databases are through.
func (s *site) snapshotsEnd(databases ...string) {
	s.t.Helper()
	for _, database := range databases {
		cut := s.ledger.Cut().Of(database)
		s.waitFor("the snapshot of "+database, func() error {
			if got := s.reader.snapshots(database); got == 0 {
				return errors.New("no rows of it yet")
			}
			if v, err := s.status(database); err != nil || v.State != status.Running {
				return fmt.Errorf("state %v, %w", v, err)
			}
			return nil
		})
		// What was deleted before it never comes.
		s.ledger.Settle(database)
		s.has(cut)
	}
}

// caughtUp waits until all that is committed by now has come.
func (s *site) caughtUp(databases ...string) {
	s.t.Helper()
	for _, database := range databases {
		s.has(s.ledger.Cut().Of(database))
	}
	if faults := s.audit.Faults(); len(faults) > 0 {
		s.t.Fatalf("%d faults:\n%s", len(faults), strings.Join(faults[:min(10, len(faults))], "\n"))
	}
}

// writesMore waits until services have committed some transactions more.
func (s *site) writesMore(databases ...string) {
	s.t.Helper()
	for _, database := range databases {
		before := s.ledger.Size(database)
		s.waitFor("transactions of "+database, func() error {
			if s.ledger.Size(database) < before+20 {
				return errors.New("none yet")
			}
			return nil
		})
	}
}

func (s *site) has(cut ledger.Cut) {
	s.t.Helper()
	s.waitFor("what was committed", func() error {
		if missing := s.audit.Missing(cut); len(missing) > 0 {
			return fmt.Errorf("%d rows lack changes: %s", len(missing), strings.Join(missing[:min(5, len(missing))], "; "))
		}
		return nil
	})
}

func (s *site) waitFor(what string, f func() error) {
	s.t.Helper()
	harness.Eventually(s.t, patience, func() error {
		if err := f(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	})
}

// status returns what its leat shows of a pipeline.
func (s *site) status(pipeline string) (*status.View, error) {
	return s.hosts[pipeline].StatusOf(pipeline)
}
