package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// child is one run of a server, which leads a process group of its own.
type child struct {
	cmd     *exec.Cmd
	logPath string
	done    chan struct{} // closed once the process has ended
}

// runServer starts script with args; what it prints is appended to the file logPath.
func runServer(script, logPath string, env, args []string) (*child, error) {
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	defer func() { _ = log.Close() }() // the child has a copy of its own
	cmd := exec.Command(script, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = guarded()
	c := &child{cmd: cmd, logPath: logPath, done: make(chan struct{})}
	return c, c.start()
}

// start runs the child from a thread that lives as long as the child does: the guard is tied to
// the thread that started it, not to the process.
func (c *child) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with this goroutine
		err := c.cmd.Start()
		started <- err
		if err == nil {
			_ = c.cmd.Wait() // how it ended is in its ProcessState
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("run %s: %w", c.cmd.Path, err)
	}
	return nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// stop sends SIGTERM, and SIGKILL once ctx ends, which is an error.
func (c *child) stop(ctx context.Context) error {
	c.signal(syscall.SIGTERM)
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		c.kill()
		return fmt.Errorf("pid %d ignored SIGTERM and was killed: %w; its log is %s", c.pid(), ctx.Err(), c.logPath)
	}
}

func (c *child) kill() {
	c.signal(syscall.SIGKILL)
	<-c.done
}

// signal goes to the whole group; that it may have ended already is no error.
func (c *child) signal(s syscall.Signal) {
	select {
	case <-c.done:
	default:
		_ = syscall.Kill(-c.pid(), s)
	}
}

// failure tells how a server ended that should have come up. The child must have ended.
func (c *child) failure() error {
	return fmt.Errorf("it ended: %s; the end of its log:\n%s", c.cmd.ProcessState, tail(c.logPath, 20))
}

// tail is the last lines of a file, or why it can't be read.
func tail(path string, lines int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(content), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
