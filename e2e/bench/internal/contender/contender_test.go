package contender

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/core/pipeline"
	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk/profile"
)

func testLab() *Lab {
	return &Lab{
		MySQL:    &servers.MySQLServer{Host: "127.0.0.1", Port: 3306, CaptureUser: "cdc", CapturePassword: "secret"},
		Kafka:    &servers.KafkaServer{Bootstrap: "a:1,b:2"},
		Registry: &servers.RegistryServer{URL: "http://127.0.0.1:8081"},
	}
}

func TestLeatPipelineLoads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, err := (&Leat{Lab: testLab(), As: "leat-again"}).pipeline(Task{Dir: dir, Database: "bench_x", Snapshot: true})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "pipeline.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := pipeline.LoadAll([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	def := files[0].Definition
	if def.Name != "leat-again" || def.Checkpoint.Dir != filepath.Join(dir, "checkpoints") {
		t.Errorf("pipeline %s with checkpoints in %s", def.Name, def.Checkpoint.Dir)
	}
	var sink map[string]any
	if err := json.Unmarshal(def.Sinks[0].Config, &sink); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]any{"brokers": []any{"a:1", "b:2"}, "compression": Compression}, sink); d != "" {
		t.Error(d)
	}
}

func TestLeatRuns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		script string
		err    string
	}{
		"OK":                      {script: `trap 'exit 0' TERM; echo "$` + profile.Env + `"; echo started; while :; do sleep 0.01; done`},
		"an exit code that tells": {script: `trap 'exit 7' TERM; echo started; while :; do sleep 0.01; done`, err: "exit code 7"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			binary := filepath.Join(dir, "leat")
			if err := os.WriteFile(binary, []byte("#!/bin/sh\n[ $1 != version ] || { echo leat v9; echo more; exit; }\n"+tt.script), 0o700); err != nil {
				t.Fatal(err)
			}
			run, err := (&Leat{Lab: testLab(), Binary: binary, As: "leat"}).Start(t.Context(), Task{Dir: dir, Profiles: "/profiles"})
			if err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(10 * time.Second); !strings.Contains(run.Log(), "started"); time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("it did not start: %s", run.Log())
				}
			}
			if err := run.Failure(t.Context()); err != nil {
				t.Errorf("at work: %v", err)
			}
			if v, err := run.Version(t.Context()); v != "leat v9" || err != nil {
				t.Errorf("version %q, %v", v, err)
			}
			err = run.Stop(t.Context())
			if tt.err == "" && (err != nil || !strings.Contains(run.Log(), "/profiles")) {
				t.Errorf("err = %v; log %s", err, run.Log())
			}
			if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("err = %v, want %q", err, tt.err)
			}
			if run.Failure(t.Context()) == nil {
				t.Error("no failure after its end")
			}
		})
	}
}

func TestLeatThatIsNotBuilt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := (&Leat{Lab: testLab(), Binary: filepath.Join(dir, "leat")}).Start(t.Context(), Task{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("err = %v, want the cure", err)
	}
}

func TestDebeziumConfig(t *testing.T) {
	t.Parallel()
	d := &Debezium{Lab: testLab(), As: "debezium", ServerID: 5, Options: map[string]string{"poll.interval.ms": "10"}}
	config := d.config(Task{Dir: "/dir", Database: "bench_x"})
	got := map[string]string{}
	for _, key := range []string{
		"topic.prefix", "database.include.list", "snapshot.mode", "poll.interval.ms", "schema.history.internal.file.filename",
	} {
		got[key] = config[key]
	}
	want := map[string]string{
		"topic.prefix": "debezium", "database.include.list": "bench_x", "snapshot.mode": "no_data",
		"poll.interval.ms": "10", "schema.history.internal.file.filename": "/dir/history.dat",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
