package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	leatBinary   = "bin/leat"
	pipelineFile = "pipelines/demo.yaml"
	stopPatience = 30 * time.Second
	tailLines    = 15
)

// host is the leat process.
type host struct {
	cmd     *exec.Cmd
	listen  string
	logPath string
	done    chan struct{}
	err     error // after done
}

// startHost runs leat as any user would, with the addresses in its environment.
func startHost(s *services, dir string) (*host, error) {
	listen, err := freeAddr()
	if err != nil {
		return nil, err
	}
	h := &host{listen: listen, logPath: filepath.Join(dir, "leat.log"), done: make(chan struct{})}
	logFile, err := os.Create(h.logPath)
	if err != nil {
		return nil, fmt.Errorf("make log file: %w", err)
	}
	defer func() { _ = logFile.Close() }() // the child has its own
	h.cmd = exec.Command(leatBinary, "run", pipelineFile, "--listen", listen)
	h.cmd.Stdout, h.cmd.Stderr = logFile, logFile
	h.cmd.Env = append(os.Environ(),
		"DEMO_MYSQL_HOST="+s.mysql.Host, "DEMO_MYSQL_PORT="+strconv.Itoa(s.mysql.Port),
		"DEMO_MYSQL_USER="+s.mysql.CaptureUser, "DEMO_MYSQL_PASSWORD="+s.mysql.CapturePassword,
		"DEMO_KAFKA="+s.brokers(), "DEMO_REGISTRY="+s.registry.URL,
		"DEMO_BIGQUERY_REST="+s.bigquery.RESTURL, "DEMO_BIGQUERY_GRPC="+s.bigquery.GRPCAddr,
		"DEMO_CHECKPOINTS="+filepath.Join(dir, "checkpoints"))
	if err := h.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start leat: %w; run make build first", err)
	}
	go func() {
		h.err = h.cmd.Wait()
		close(h.done)
	}()
	return h, nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// watch returns an error if leat ends by itself.
func (h *host) watch(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-h.done:
		return fmt.Errorf("leat ended: %w\n%s", errors.Join(errors.New("unexpectedly"), h.err), h.tail())
	}
}

// stop has leat drain and end.
func (h *host) stop() error {
	select {
	case <-h.done:
		return nil
	default:
	}
	if err := h.cmd.Process.Signal(os.Interrupt); err != nil {
		return fmt.Errorf("stop leat: %w", err)
	}
	select {
	case <-h.done:
	case <-time.After(stopPatience):
		_ = h.cmd.Process.Kill() // it may have ended this moment
		<-h.done
		return fmt.Errorf("leat did not stop within %v\n%s", stopPatience, h.tail())
	}
	if h.err != nil {
		return fmt.Errorf("leat stopped with %w\n%s", h.err, h.tail())
	}
	return nil
}

// tail returns the last lines of leat's log.
func (h *host) tail() string {
	b, err := os.ReadFile(h.logPath)
	if err != nil {
		return err.Error()
	}
	var lines [][]byte
	scanner := bufio.NewScanner(bytes.NewReader(b))
	for scanner.Scan() {
		lines = append(lines, bytes.Clone(scanner.Bytes()))
	}
	return string(bytes.Join(lines[max(0, len(lines)-tailLines):], []byte("\n")))
}
