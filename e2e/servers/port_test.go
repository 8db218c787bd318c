package servers

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestReserve(t *testing.T) {
	t.Parallel()
	r, err := reserve(2)
	if err != nil {
		t.Fatal(err)
	}
	defer r.release()
	if r.first < lowestPort || r.first >= highestPort {
		t.Errorf("port %d, want it in [%d, %d)", r.first, lowestPort, highestPort)
	}

	t.Run("others are kept off", func(t *testing.T) {
		dir := filepath.Dir(r.locks[0].Name())
		other := &reservation{first: r.first + 1}
		if err := other.lock(dir, 1); err == nil {
			t.Error("the second port was reserved twice")
		}
		other.release()
		r.release()
		if err := other.lock(dir, 1); err != nil {
			t.Errorf("lock a released port: %v", err)
		}
		other.release()
	})
	t.Run("a listener is seen", func(t *testing.T) {
		listener, err := net.Listen("tcp", loopback(0))
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		second := listener.Addr().(*net.TCPAddr).Port
		if err := bindable(second-1, 2); err == nil || !strings.Contains(err.Error(), "is taken") {
			t.Errorf("bindable = %v, want the second port taken", err)
		}
	})
}

// A child between fork and exec has copies of the listeners that looked whether a port is free: one
// look in fifty met one, and a server was not started.
func TestAwaitBindableBesideForks(t *testing.T) {
	t.Parallel()
	var forks sync.WaitGroup
	defer forks.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 3 {
		forks.Go(func() {
			for ctx.Err() == nil {
				_ = exec.CommandContext(ctx, "true").Run()
			}
		})
	}
	for range 500 {
		r, err := reserve(1)
		if err != nil {
			t.Fatal(err)
		}
		if err := awaitBindable(r.first, 1); err != nil {
			t.Errorf("a reserved port: %v", err)
		}
		r.release()
	}
}

func TestReserveNeedsAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", file)
	if _, err := reserve(1); err == nil || !strings.Contains(err.Error(), "reserve ports") {
		t.Fatalf("reserve = %v, want an error", err)
	}
}
