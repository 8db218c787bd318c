package servers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestChild(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, script string) *child {
		t.Helper()
		c, err := runServer("/bin/sh", filepath.Join(t.TempDir(), "log"), []string{"GREETING=hello"}, []string{"-c", script})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}

	t.Run("OK stop", func(t *testing.T) {
		t.Parallel()
		c := run(t, "exec sleep 600")
		if err := c.stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if alive(c.pid()) {
			t.Fatalf("pid %d is alive after stop", c.pid())
		}
	})
	t.Run("ErrStopIgnored", func(t *testing.T) {
		t.Parallel()
		c := run(t, "trap '' TERM; echo ready; while :; do sleep 1; done")
		waitUntil(t, func() bool { return tail(c.logPath, 1) == "ready" })
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := c.stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("stop = %v, want deadline exceeded", err)
		}
		if alive(c.pid()) {
			t.Fatalf("pid %d is alive after stop", c.pid())
		}
	})
	t.Run("ErrEnded", func(t *testing.T) {
		t.Parallel()
		c := run(t, "echo $GREETING; echo no such data >&2; exit 3")
		<-c.done
		err := c.failure()
		for _, want := range []string{"exit status 3", "hello\nno such data"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("failure = %q, want it to hold %q", err, want)
			}
		}
	})
	t.Run("ErrNoScript", func(t *testing.T) {
		t.Parallel()
		_, err := runServer("/no/such/script", filepath.Join(t.TempDir(), "log"), nil, nil)
		if !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("run = %v, want %v", err, os.ErrNotExist)
		}
	})
}

const helperEnv = "LEAT_SERVERS_TEST_HELPER"

// helperProcess turns the test binary into one that starts a child, says its pid, and waits to be killed.
func helperProcess() {
	logPath := os.Getenv(helperEnv)
	if logPath == "" {
		return
	}
	c, err := runServer("/bin/sh", logPath, nil, []string{"-c", "exec sleep 600"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(c.pid())
	<-c.done
}

func TestChildDiesWithAKilledParent(t *testing.T) {
	t.Parallel()
	if guarded().Pdeathsig == 0 {
		t.Fatal("no guard on this system")
	}
	helper := exec.Command(os.Args[0])
	helper.Env = append(os.Environ(), helperEnv+"="+filepath.Join(t.TempDir(), "log"))
	output, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	if !alive(pid) {
		t.Fatalf("child %d does not run", pid)
	}
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = helper.Wait() // it was killed
	waitUntil(t, func() bool { return !alive(pid) })
}

// alive is false for a zombie too, as nobody may be there to reap an orphan.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(status), ") Z ")
}

func waitUntil(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("condition did not come true in 10 s")
		}
	}
}
