package contender

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/leat-io/leat/sdk/profile"
)

// stopLimit is how long a contender may take to stop in order.
const stopLimit = time.Minute

// Leat is leat as make build leaves it.
type Leat struct {
	Lab *Lab
	// Binary is the path of leat.
	Binary string
	// As is its name in this benchmark: leat, or another when it runs against itself.
	As string
}

// Name of the contender.
func (l *Leat) Name() string { return l.As }

// Start writes the pipeline file and runs leat with it.
func (l *Leat) Start(_ context.Context, t Task) (Run, error) {
	file := filepath.Join(t.Dir, "pipeline.yaml")
	text, err := l.pipeline(t)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, fmt.Errorf("write pipeline: %w", err)
	}
	log, err := os.Create(filepath.Join(t.Dir, "leat.log"))
	if err != nil {
		return nil, fmt.Errorf("create log: %w", err)
	}
	defer func() { _ = log.Close() }() // the process has a copy of its own
	r := &leatRun{log: log.Name(), done: make(chan struct{})}
	r.cmd = exec.Command(l.Binary, "run", file, "--listen", "")
	r.cmd.Stdout, r.cmd.Stderr = log, log
	if t.Profiles != "" {
		r.cmd.Env = append(os.Environ(), profile.Env+"="+t.Profiles)
	}
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start leat: %w; run make build", err)
	}
	go func() {
		_ = r.cmd.Wait() // how it ended is in its ProcessState
		close(r.done)
	}()
	return r, nil
}

// pipeline is the file, in JSON, which is YAML. Paths in it begin at its folder.
func (l *Leat) pipeline(t Task) ([]byte, error) {
	type m = map[string]any
	mode := "no_data"
	if t.Snapshot {
		mode = "initial"
	}
	return json.MarshalIndent(m{
		"pipeline": l.As,
		"source": m{"plugin": "mysql-source", "config": m{
			"host": l.Lab.MySQL.Host, "port": l.Lab.MySQL.Port,
			"user": l.Lab.MySQL.CaptureUser, "password": l.Lab.MySQL.CapturePassword,
			"tls": m{"mode": "disabled"}, "include": m{"databases": []string{t.Database}},
			"snapshot": m{"mode": mode},
		}},
		"transform": m{"plugin": "avro-transform", "config": m{
			"topic_prefix": l.As, "registry": m{"urls": []string{l.Lab.Registry.URL}},
		}},
		"sinks": m{"kafka": m{"plugin": "kafka-sink", "config": m{
			"brokers": strings.Split(l.Lab.Kafka.Bootstrap, ","), "compression": Compression,
		}}},
		"checkpoint": m{"dir": "checkpoints"},
		"restart":    m{"retry_failed": "0s"}, // a failure ends the run
	}, "", "  ")
}

type leatRun struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{}
}

func (r *leatRun) Pid() int { return r.cmd.Process.Pid }

func (r *leatRun) Version(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, r.cmd.Path, "version").Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", r.cmd.Path, err)
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return first, nil
}

func (r *leatRun) Log() string { return tail(r.log) }

func (r *leatRun) Failure(context.Context) error {
	select {
	case <-r.done:
		return fmt.Errorf("leat has ended: %s", r.cmd.ProcessState)
	default:
		return nil
	}
}

func (r *leatRun) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop leat: %w", err)
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		_ = r.cmd.Process.Kill() // it may have ended this moment
		<-r.done
		return fmt.Errorf("stop leat: %w; it was killed", ctx.Err())
	}
	if code := r.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("stop leat: exit code %d", code)
	}
	return nil
}

// tail is the last lines of a file, or why it can't be read.
func tail(path string) string {
	const lines = 30
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(content), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
