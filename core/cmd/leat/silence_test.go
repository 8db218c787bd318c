package main

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/engine"
	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/core/plugin"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

const (
	users = "pipeline: users\nsource: {plugin: mysql-source}\nsinks: {rest: {plugin: slow-sink}}\n"
	// silentText is what is told of its sink.
	silentText = "plugin sinks.rest (slow-sink) of pipeline users has not answered Validate within 300ms"
)

// slowBench has a sink that never answers Validate.
func slowBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.checkTimeout, b.liveTimeout = 300*time.Millisecond, 300*time.Millisecond
	b.plugins["slow-sink"] = &fakePlugin{describe: b.plugins["kafka-sink"].describe, hangs: true}
	return b
}

func TestRunDoesNotWaitForAPluginThatHangs(t *testing.T) {
	b := slowBench(t)
	var ran []string
	b.run = func(_ context.Context, defs []*pipeline.Definition, _ engine.Settings) error {
		for _, d := range defs {
			ran = append(ran, d.Name)
		}
		return nil
	}
	began := time.Now()
	if code := b.execute([]string{"run", writeFile(t, users), writeFile(t, inventory)}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	if got := strings.Join(ran, " "); got != "users inventory" || time.Since(began) > 20*time.Second {
		t.Errorf("ran %s after %v", got, time.Since(began))
	}
	if !strings.Contains(b.err.String(), silentText) || !b.plugins["slow-sink"].killed {
		t.Errorf("killed %v, the log is\n%s", b.plugins["slow-sink"].killed, b.err)
	}
}

func TestAMistakeInAFileEndsRunBesideAPluginThatHangs(t *testing.T) {
	b := slowBench(t)
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error {
		t.Error("started")
		return nil
	}
	b.finding("mysql-source", &leatv1.Finding{Severity: leatv1.Severity_SEVERITY_ERROR, Check: checkConfig, Path: "host", Message: "is empty"})
	if code := b.execute([]string{"run", writeFile(t, users), writeFile(t, inventory)}); code != exitUsage {
		t.Errorf("exit code %d: %s", code, b.err)
	}
}

func TestValidateNamesAPluginThatHangs(t *testing.T) {
	b := slowBench(t)
	b.finding("kafka-sink", fine)
	if code := b.execute([]string{"validate", writeFile(t, users), writeFile(t, inventory)}); code != exitFindings {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	if out := b.out.String(); !strings.Contains(out, silentText) || !strings.Contains(out, "kafka: grants: complete") {
		t.Errorf("printed:\n%s", out)
	}
}

func TestARealPluginThatHangsInItsConstructor(t *testing.T) {
	b, dir := realBench(t)
	b.checkTimeout = 10 * time.Second // the process has to start in that time
	var started *plugin.Pool
	b.run = func(_ context.Context, _ []*pipeline.Definition, s engine.Settings) error {
		started = s.Started
		return nil
	}
	path := writeFile(t, "pipeline: p\nsource: {plugin: none}\nsinks: {k: {plugin: "+realPlugin+", config: {brokers: [hang]}}}\n")
	if code := b.execute([]string{"run", path, "--plugin-dir", dir}); code != exitOK {
		t.Fatalf("exit code %d: %s", code, b.err)
	}
	if want := "plugin sinks.k (real-sink) of pipeline p has not answered Validate within 10s"; !strings.Contains(b.err.String(), want) {
		t.Errorf("the log has no %q:\n%s", want, b.err)
	}
	if p := started.Take("p", "k"); p != nil {
		t.Error("the process that hangs is kept for the run")
	}
}

// The signals reach this whole process, so the test does not run in parallel.
func TestASignalWhileConfigsAreChecked(t *testing.T) {
	b := slowBench(t)
	b.checkTimeout = time.Minute
	b.run = func(context.Context, []*pipeline.Definition, engine.Settings) error {
		t.Error("started")
		return nil
	}
	time.AfterFunc(200*time.Millisecond, func() { raise(t, syscall.SIGTERM) })
	if code := b.execute([]string{"run", writeFile(t, users)}); code != exitOK {
		t.Errorf("exit code %d: %s", code, b.err)
	}
}
