//go:build e2e

// Package outage_test takes MySQL, Kafka and the registry away from a leat that
// runs two pipelines, for LEAT_OUTAGE (20s), and gives them back.
package outage_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/harness"
	"github.com/leat-io/leat/e2e/servers"
)

const (
	// returns is how long a pipeline may take once the other side answers again: the
	// pauses between attempts have a bound of 4 s, and a busy machine needs its time.
	returns  = 10 * time.Second
	patience = 90 * time.Second
)

func duration(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("LEAT_OUTAGE")
	if text == "" {
		return 20 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("LEAT_OUTAGE: %v", err)
	}
	return d
}

// scene is two pipelines in one process, with a writer each.
type scene struct {
	t         *testing.T
	host      *harness.Host
	databases [2]string
	writers   [2]*writer
	audits    [2]*harness.Audit
	registry  *servers.Gate
}

func newScene(t *testing.T, name string) *scene {
	t.Helper()
	s := &scene{t: t}
	u, err := url.Parse(lab.Registry.URL)
	if err != nil {
		t.Fatal(err)
	}
	if s.registry, err = servers.NewGate(t.Context(), u.Host); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.registry.Shut)
	u.Host = s.registry.Addr()
	behind := *lab
	behind.Registry = &servers.RegistryServer{URL: u.String()}
	var files []string
	for i := range s.databases {
		db := fmt.Sprintf("%s%d", name, i)
		s.databases[i] = db
		lab.Exec(t, "CREATE DATABASE "+db, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)")
		files = append(files, harness.WriteFile(t, behind.PipelineText(t.TempDir(), db, db, lab.Kafka.Bootstrap, "cdc")))
	}
	s.host = harness.Start(t, files...)
	s.host.Ready()
	for i, db := range s.databases {
		s.writers[i] = write(t, db+".t")
		t.Cleanup(s.writers[i].end)
		s.audits[i] = lab.NewAudit(t, db+`\.`+db+`\.t`)
	}
	s.flows(patience)
	return s
}

// flows waits until rows that are written now have come through both pipelines.
func (s *scene) flows(within time.Duration) {
	s.t.Helper()
	for i := range s.databases {
		s.through(i, within)
	}
}

// through has one more row written to a database and waits for it.
func (s *scene) through(i int, within time.Duration) {
	s.t.Helper()
	before := s.delivered(i)
	harness.Eventually(s.t, within, func() error {
		if now := s.delivered(i); now <= before+rows {
			return fmt.Errorf("pipeline %s: the sink has stored %d records, %d before", s.databases[i], now, before)
		}
		return nil
	})
}

// delivered is how many records the sink has made durable.
func (s *scene) delivered(i int) uint64 {
	v, err := s.host.StatusOf(s.databases[i])
	if err != nil {
		return 0
	}
	for _, p := range v.Plugins {
		if p.Name == "kafka" {
			return p.Records
		}
	}
	return 0
}

// away says that, while a system is away, /readyz says so with its name, leat runs
// and nothing has failed.
func (s *scene) away(pipeline, names string) {
	s.t.Helper()
	harness.Eventually(s.t, patience, func() error {
		ready, text, err := s.host.Readyz()
		if err != nil {
			return err
		}
		line := pipelineLine(text, pipeline)
		if ready || !strings.Contains(line, names) || strings.Contains(line, "failed:") {
			return fmt.Errorf("ready %t: %s", ready, text)
		}
		return nil
	})
}

func pipelineLine(text, pipeline string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, pipeline+":") {
			return line
		}
	}
	return ""
}

// back measures how long it takes until all is ready and rows flow.
func (s *scene) back(since time.Time) {
	s.t.Helper()
	s.flows(returns)
	s.t.Logf("rows flow %v after it answered again", time.Since(since).Round(10*time.Millisecond))
	s.host.Ready()
}

// audit ends the writers and compares topics and tables.
func (s *scene) audit() {
	s.t.Helper()
	for _, w := range s.writers {
		w.end()
	}
	for i, db := range s.databases {
		s.audits[i].Until(lab.Rows(s.t, db+".t"), patience)
	}
	if code := s.host.Stop(); code != 0 {
		s.t.Errorf("exit code %d", code)
	}
}

// wait lets the outage last, during which leat must not end.
func (s *scene) wait(d time.Duration) {
	s.t.Helper()
	select {
	case <-time.After(d):
	case <-s.host.Ended():
		s.t.Fatal("leat ended while it had to wait")
	}
}

func TestOutage_mysql(t *testing.T) {
	s := newScene(t, "outm")
	if err := lab.MySQL.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, db := range s.databases {
		s.away(db, "MySQL")
	}
	s.wait(duration(t))
	for _, db := range s.databases {
		s.away(db, "MySQL")
	}
	if err := lab.MySQL.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.back(time.Now())
	s.audit()
}

func TestOutage_kafka(t *testing.T) {
	s := newScene(t, "outk")
	if err := lab.Kafka.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, db := range s.databases {
		s.away(db, "kafka")
	}
	s.wait(duration(t))
	for _, db := range s.databases {
		s.away(db, "kafka")
	}
	if err := lab.Kafka.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.back(time.Now())
	s.audit()
}

// TestOutage_registry has one pipeline need a schema while the registry is away;
// the other goes on without.
func TestOutage_registry(t *testing.T) {
	s := newScene(t, "outr")
	s.registry.Shut()
	lab.Exec(t, "ALTER TABLE "+s.databases[0]+".t ADD COLUMN note VARCHAR(9)")
	s.away(s.databases[0], "registry")
	s.through(1, patience)
	s.wait(duration(t))
	s.away(s.databases[0], "registry")
	s.through(1, patience)
	if err := s.registry.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.back(time.Now())
	s.audit()
}

// TestOutage_start has leat begin while everything is away.
func TestOutage_start(t *testing.T) {
	db := "outs"
	lab.Exec(t, "CREATE DATABASE "+db, "CREATE TABLE "+db+".t (id INT PRIMARY KEY, v INT NOT NULL)", "INSERT INTO "+db+".t VALUES (1, 1)")
	for _, kill := range []func() error{lab.MySQL.Kill, lab.Kafka.Kill} {
		if err := kill(); err != nil {
			t.Fatal(err)
		}
	}
	s := &scene{t: t, host: harness.Start(t, lab.Pipeline(t, db, db))}
	s.away(db, "refused")
	s.wait(duration(t))
	s.away(db, "refused")
	for _, start := range []func() error{
		func() error { return lab.Kafka.Start(t.Context()) },
		func() error { return lab.MySQL.Start(t.Context()) },
	} {
		if err := start(); err != nil {
			t.Fatal(err)
		}
	}
	s.host.Ready()
	lab.NewAudit(t, db+`\.`+db+`\.t`).Until(map[int64]int64{1: 1}, patience)
}
