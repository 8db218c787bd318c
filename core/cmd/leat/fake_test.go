package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

// fakePlugin answers in place of a process.
type fakePlugin struct {
	describe *leatv1.DescribeResponse
	findings []*leatv1.Finding
	err      error
	silent   bool // Describe is not answered

	mu     sync.Mutex
	config string
	live   bool
	// expected is what it was told, streams what it tells.
	expected, streams []*leatv1.Stream
	sinks             []plugin.Sink
	killed            bool
	hangs             bool // in Validate
}

func (f *fakePlugin) Describe(ctx context.Context) (*leatv1.DescribeResponse, error) {
	if f.silent {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return f.describe, nil
}

func (f *fakePlugin) Validate(ctx context.Context, c plugin.Check) (*leatv1.ValidateResponse, error) {
	if f.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.config, f.live, f.expected, f.sinks = string(c.Config), c.Live, c.Expected, c.Sinks
	return &leatv1.ValidateResponse{Findings: f.findings, Streams: f.streams}, f.err
}

func (f *fakePlugin) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.killed = true
}

// buffer may be written by several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// bench is an app whose outside is fake.
type bench struct {
	*app
	out, err *buffer
	plugins  map[string]*fakePlugin
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{out: &buffer{}, err: &buffer{}, plugins: map[string]*fakePlugin{
		"mysql-source": {describe: &leatv1.DescribeResponse{
			Name: "mysql-source", Version: "1.2.3", Kind: leatv1.Kind_KIND_SOURCE, Summary: "Reads MySQL.", Snapshots: true,
			Config: []*leatv1.ConfigField{
				{Key: "host", Type: "string", Required: true, Doc: "Name of the server."},
				{Key: "password", Type: "string", Default: `"***"`, Secret: true, Doc: "Password."},
				{Key: "mode", Type: "string", Default: `"row"`, Options: []string{"row", "all"}, Doc: "What is read."},
			},
		}},
		"kafka-sink": {describe: &leatv1.DescribeResponse{Name: "kafka-sink", Version: "0.1.0", Kind: leatv1.Kind_KIND_SINK, Summary: "Writes Kafka.", Transactional: true, Environment: []string{"LEAT_TEST_PASSWORD", "LEAT_TEST_UNSET"}}},
	}}
	b.app = newApp(b.out, b.err)
	b.list = func([]string) ([]string, error) {
		var names []string
		for name := range b.plugins {
			names = append(names, name)
		}
		slices.Sort(names)
		return names, nil
	}
	b.start = func(_ context.Context, _ []string, s plugin.Settings) (process, error) {
		p, ok := b.plugins[s.Path]
		if !ok {
			return nil, fmt.Errorf("%w: %s", plugin.ErrNotFound, s.Path)
		}
		e := &plugin.EnvironmentError{Plugin: s.Path, Honours: p.describe.GetEnvironment()}
		for _, name := range s.Env {
			if !slices.Contains(e.Honours, name) {
				e.Undeclared = append(e.Undeclared, name)
			}
		}
		if len(e.Undeclared) > 0 {
			return nil, e
		}
		return p, nil
	}
	return b
}

// finding sets what a plugin answers to Validate.
func (b *bench) finding(name string, findings ...*leatv1.Finding) {
	b.plugins[name].findings = findings
}

const inventory = `pipeline: inventory
source:
  plugin: mysql-source
  config:
    host: db1
    password: ${LEAT_TEST_PASSWORD}
sinks:
  kafka:
    plugin: kafka-sink
`

// writeFile writes a pipeline file and sets the variables it refers to.
func writeFile(t *testing.T, text string) string {
	t.Helper()
	t.Setenv("LEAT_TEST_PASSWORD", "hunter22")
	path := filepath.Join(t.TempDir(), "inventory.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// without replaces a path that differs in each run.
func without(path, text string) string { return strings.ReplaceAll(text, path, "FILE") }
