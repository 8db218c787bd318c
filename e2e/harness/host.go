package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/leat-io/leat/core/status"
)

// Host is a leat process that runs pipeline files.
type Host struct {
	t      testing.TB
	files  []string
	listen string
	cmd    *exec.Cmd
	log    *buffer
	done   chan struct{}
}

// buffer is a log that is read while it is written.
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

// WriteFile writes a pipeline file into a folder of the test.
func WriteFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipeline.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Start runs leat with pipeline files; it is killed when the test ends.
func Start(t testing.TB, files ...string) *Host {
	t.Helper()
	h := &Host{t: t, files: files, log: &buffer{}}
	t.Cleanup(func() {
		h.Kill()
		if t.Failed() {
			t.Logf("log of leat:\n%s", tail(h.log.String(), 60))
		}
	})
	h.start()
	return h
}

func (h *Host) start() {
	h.t.Helper()
	h.listen = freeAddr(h.t)
	root := Root(h.t)
	h.cmd = exec.Command(filepath.Join(root, "bin/leat"), append([]string{"run", "--listen", h.listen}, h.files...)...)
	h.cmd.Dir = root
	h.cmd.Stdout, h.cmd.Stderr = h.log, h.log
	if err := h.cmd.Start(); err != nil {
		h.t.Fatalf("start leat: %v; run make build first", err)
	}
	done := make(chan struct{})
	h.done = done
	cmd := h.cmd
	go func() {
		_ = cmd.Wait() // how it ended is in cmd.ProcessState
		close(done)
	}()
}

// Restart starts leat again after it has ended.
func (h *Host) Restart() { h.t.Helper(); h.start() }

// Kill ends the process at once, as a crash does, and waits until it is gone.
func (h *Host) Kill() {
	_ = h.cmd.Process.Kill() // it may have ended already
	<-h.done
}

// Stop ends the process in order and returns its exit code.
func (h *Host) Stop() int {
	h.t.Helper()
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		h.t.Fatalf("stop leat: %v", err)
	}
	return h.Wait(time.Minute)
}

// Wait waits until the process has ended by itself and returns its exit code.
func (h *Host) Wait(patience time.Duration) int {
	h.t.Helper()
	select {
	case <-h.done:
		return h.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		h.t.Fatalf("leat still runs after %v", patience)
		return -1
	}
}

// Running says whether the process has not ended yet.
func (h *Host) Running() bool {
	select {
	case <-h.done:
		return false
	default:
		return true
	}
}

// Log returns what leat has printed.
func (h *Host) Log() string { return h.log.String() }

// Pid of leat.
func (h *Host) Pid() int { return h.cmd.Process.Pid }

// PluginPid returns the process of a plugin, by the name of its binary; it waits
// until there is one.
func (h *Host) PluginPid(name string) int {
	h.t.Helper()
	var pid int
	Eventually(h.t, 20*time.Second, func() error {
		for _, child := range children(h.cmd.Process.Pid) {
			if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", child)); err == nil && filepath.Base(exe) == name {
				pid = child
				return nil
			}
		}
		return fmt.Errorf("leat has no process of %s", name)
	})
	return pid
}

// KillPlugin ends a plugin's process as a crash does.
func (h *Host) KillPlugin(name string) {
	h.t.Helper()
	if err := syscall.Kill(h.PluginPid(name), syscall.SIGKILL); err != nil {
		h.t.Fatalf("kill %s: %v", name, err)
	}
}

// Children returns the processes that a process has started.
func children(pid int) []int {
	var out []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, path := range tasks {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		for _, field := range strings.Fields(string(b)) {
			if n, err := strconv.Atoi(field); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// Ended is closed when the process has ended.
func (h *Host) Ended() <-chan struct{} { return h.done }

// Status returns what /status shows of the one pipeline.
func (h *Host) Status() (*status.View, error) {
	views, err := h.views()
	if err != nil {
		return nil, err
	}
	if len(views) != 1 {
		return nil, fmt.Errorf("%d pipelines", len(views))
	}
	return &views[0], nil
}

// StatusOf returns what /status shows of one of several pipelines.
func (h *Host) StatusOf(pipeline string) (*status.View, error) {
	views, err := h.views()
	if err != nil {
		return nil, err
	}
	for i := range views {
		if views[i].Name == pipeline {
			return &views[i], nil
		}
	}
	return nil, fmt.Errorf("no pipeline %s among %d", pipeline, len(views))
}

func (h *Host) views() ([]status.View, error) {
	var views []status.View
	body, err := h.get("/status")
	if err == nil {
		err = json.Unmarshal(body, &views)
	}
	return views, err
}

// Metrics returns what /metrics shows.
func (h *Host) Metrics() (string, error) {
	body, err := h.get("/metrics")
	return string(body), err
}

func (h *Host) get(path string) ([]byte, error) {
	resp, err := http.Get("http://" + h.listen + path) //nolint:noctx // loopback, in a test
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// Ready waits until the pipeline is ready.
func (h *Host) Ready() {
	h.t.Helper()
	Eventually(h.t, 30*time.Second, func() error {
		ready, text, err := h.Readyz()
		if err == nil && !ready {
			err = fmt.Errorf("readyz: %s", text)
		}
		return err
	})
}

// Readyz returns whether all pipelines are ready, and what /readyz says of each.
func (h *Host) Readyz() (ready bool, text string, err error) {
	resp, err := http.Get("http://" + h.listen + "/readyz") //nolint:noctx // loopback, in a test
	if err != nil {
		return false, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode == http.StatusOK, string(b), err
}

// Eventually calls f until it returns nil, and fails the test with its last
// error after the patience.
func Eventually(t testing.TB, patience time.Duration, f func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %v: %v", patience, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func tail(s string, lines int) string {
	all := strings.Split(s, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
