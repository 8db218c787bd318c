package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
)

// realBench is an app that starts this test binary as a plugin.
func realBench(t *testing.T) (b *bench, dir string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, realPlugin)); err != nil {
		t.Fatal(err)
	}
	b = &bench{out: &buffer{}, err: &buffer{}}
	b.app = newApp(b.out, b.err)
	return b, dir
}

func TestRealPluginIsListedAndDescribed(t *testing.T) {
	t.Parallel()
	b, dir := realBench(t)
	if code := b.execute([]string{"plugin", "list", "--plugin-dir", dir}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	if code := b.execute([]string{"plugin", "describe", realPlugin, "--plugin-dir", dir}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	want := `NAME       KIND  VERSION  SUMMARY
real-sink  sink  9.9.9    Keeps nothing.
real-sink 9.9.9, a sink
Keeps nothing.

KEY       TYPE    DEFAULT   MEANING
brokers   list    required  Servers.
password  string            Password.
retries   int     3         Tries.
`
	if diff := cmp.Diff(want, b.out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestRealPluginFindingsPointIntoTheFile(t *testing.T) {
	b, dir := realBench(t)
	path := writeFile(t, strings.ReplaceAll(`pipeline: p
source: {plugin: NAME, config: {brokers: [b]}}
sinks:
  good:
    plugin: NAME
    config:
      brokers: [one:9092]
      password: ${LEAT_TEST_PASSWORD}
  bad:
    plugin: NAME
    config:
      brokers: one:9092
      retrys: 7
`, "NAME", realPlugin))
	if code := b.execute([]string{"validate", path, "--plugin-dir", dir}); code != exitFindings {
		t.Errorf("exit code %d: %s", code, b.err)
	}
	want := `error    FILE:2:10: source.plugin: real-sink is a sink, not a source
         name a source, or move it
ok       FILE: good: brokers: all answer
error    FILE:8:7: sinks.good.config.password: refused ${LEAT_TEST_PASSWORD}
         set another
error    FILE:12:7: sinks.bad.config.brokers: is a string
         write a list
error    FILE:13:7: sinks.bad.config.retrys: is not a known key
         did you mean retries?
1 ok, 0 warnings, 4 errors
`
	if diff := cmp.Diff(want, without(path, b.out.String())); diff != "" {
		t.Error(diff)
	}
}

func TestRealPluginOfAnotherChecksumIsNotStarted(t *testing.T) {
	b, dir := realBench(t)
	path := writeFile(t, "pipeline: p\nsource: {plugin: "+realPlugin+", sha256: "+strings.Repeat("ab", 32)+"}\nsinks: {k: {plugin: none}}\n")
	if code := b.execute([]string{"validate", path, "--plugin-dir", dir}); code != exitFindings {
		t.Errorf("exit code %d: %s", code, b.err)
	}
	for _, want := range []string{"source.plugin: plugin's checksum does not match", "sinks.k.plugin: plugin not found: none is in none of"} {
		if !strings.Contains(b.out.String(), want) {
			t.Errorf("got %q, want %q", b.out, want)
		}
	}
}

func TestRunKeepsTheProcessesThatHaveChecked(t *testing.T) {
	b, dir := realBench(t)
	path := writeFile(t, strings.ReplaceAll(`pipeline: p
source: {plugin: NAME, config: {brokers: [b]}}
sinks:
  good: {plugin: NAME, config: {brokers: [b]}}
`, "NAME", realPlugin))
	var left *plugin.Process
	b.run = func(ctx context.Context, _ []*pipeline.Definition, s engine.Settings) error {
		source := s.Started.Take("p", pipeline.SourceName)
		if left = s.Started.Take("p", "good"); left == nil || source == nil {
			return errors.New("not every plugin is running")
		}
		s.Started.Put(source)
		s.Started.Put(left)
		_, err := left.Describe(ctx)
		return err
	}
	if code := b.execute([]string{"run", path, "--plugin-dir", dir}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	if _, err := left.Describe(t.Context()); err == nil {
		t.Error("a process outlives the command")
	}
}
