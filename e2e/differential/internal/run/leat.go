package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/leat-io/leat/e2e/differential/internal/sqlcase"
	"github.com/leat-io/leat/e2e/differential/internal/topics"
)

// ErrStopped means that a contender has stopped by itself.
var ErrStopped = errors.New("it stopped")

// leat starts the program for the databases of a case.
func (l *Lab) leat(c *sqlcase.Case, prefix string, databases []string) (*contender, error) {
	p, err := l.newPipeline(c, prefix, databases)
	if err != nil {
		return nil, err
	}
	return p.contender("leat"), p.start()
}

// pipeline is a pipeline of leat that can be started more than once.
type pipeline struct {
	*topics.Reader
	program, dir string
	process      *process
}

// newPipeline writes the file of a pipeline.
func (l *Lab) newPipeline(c *sqlcase.Case, prefix string, databases []string) (*pipeline, error) {
	dir, err := os.MkdirTemp("", "leat-differential-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	p := &pipeline{program: filepath.Join(l.Root, "bin", "leat"), dir: dir}
	if err := os.WriteFile(p.file(), l.text(c, prefix, databases, dir), 0o600); err != nil {
		return nil, fmt.Errorf("write pipeline: %w", err)
	}
	p.Reader, err = topics.NewReader(l.Kafka.Bootstrap, l.Registry.URL, prefix)
	return p, err
}

func (p *pipeline) file() string { return filepath.Join(p.dir, "pipeline.yaml") }

// start has the pipeline go on where it stands.
func (p *pipeline) start() error {
	var err error
	if p.process, err = start(p.program, "run", p.file(), "--listen", "127.0.0.1:0"); err != nil {
		return fmt.Errorf("start leat: %w: run make build first", err)
	}
	return nil
}

// halt ends the program, and keeps its checkpoint.
func (p *pipeline) halt(ctx context.Context) {
	if p.process != nil {
		p.process.stop(ctx)
	}
}

func (p *pipeline) contender(name string) *contender {
	return &contender{
		Reader: p.Reader, name: name,
		check: func(context.Context) error { return p.process.failure() },
		stop: func(ctx context.Context) error {
			p.halt(ctx)
			return os.RemoveAll(p.dir)
		},
	}
}

// text is that of a pipeline file: JSON, which is YAML.
func (l *Lab) text(c *sqlcase.Case, prefix string, databases []string, dir string) []byte {
	quoted := make([]string, len(databases))
	for i, d := range databases {
		quoted[i] = regexp.QuoteMeta(d)
	}
	source := map[string]any{
		"host": l.MySQL.Host, "port": l.MySQL.Port, "user": l.MySQL.CaptureUser, "password": l.MySQL.CapturePassword,
		"tls": map[string]any{"mode": "disabled"}, "include": map[string]any{"databases": quoted},
	}
	transform := map[string]any{"topic_prefix": prefix, "registry": map[string]any{"urls": []string{l.Registry.URL}}}
	configs := map[string]any{"source": source, "transform": transform}
	sink := map[string]any{
		"brokers": []string{l.Kafka.Bootstrap},
		// As Kafka Connect has its topics: records without a key must find their place too.
		"topics": map[string]any{"config": map[string]string{"cleanup.policy": "delete"}},
	}
	for _, option := range c.Leat {
		setOption(configs, option)
	}
	text, err := json.MarshalIndent(map[string]any{
		"pipeline":   prefix,
		"source":     map[string]any{"plugin": "mysql-source", "config": source},
		"transform":  map[string]any{"plugin": "avro-transform", "config": transform},
		"sinks":      map[string]any{"kafka": map[string]any{"plugin": "kafka-sink", "config": sink}},
		"checkpoint": map[string]any{"dir": filepath.Join(dir, "checkpoints")},
		"restart":    map[string]any{"retry_failed": "0s"}, // a failure ends the case
	}, "", "  ")
	if err != nil {
		panic(err) // maps, strings and numbers only
	}
	return text
}

// setOption sets path=value, such as source.truncate=emit; a value that is JSON is taken as that.
func setOption(into map[string]any, option string) {
	path, text, _ := strings.Cut(option, "=")
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		inner, ok := into[name].(map[string]any)
		if !ok {
			inner = map[string]any{}
			into[name] = inner
		}
		into = inner
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		value = text
	}
	into[names[len(names)-1]] = value
}

// process is a program that runs until it is stopped.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	log  lockedBuffer
}

func start(program string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(program, args...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in its ProcessState
		close(p.done)
	}()
	return p, nil
}

// failure is nil while the program runs.
func (p *process) failure() error {
	select {
	case <-p.done:
		return fmt.Errorf("%w: %s; its log:\n%s", ErrStopped, p.cmd.ProcessState, p.log.tail())
	default:
		return nil
	}
}

// stop ends the program in order, or by force when ctx ends or it takes too long.
func (p *process) stop(ctx context.Context) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-p.done:
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // likewise
	<-p.done
}

// lockedBuffer is written by a process while it is read.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// tail is the last lines written.
func (b *lockedBuffer) tail() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := strings.Split(strings.TrimRight(b.b.String(), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}
