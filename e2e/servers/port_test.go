package servers

import (
	"net"
	"os"
	"path/filepath"
	"strings"
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
		listener, err := net.Listen("tcp", loopback(r.first+1))
		if err != nil {
			t.Fatalf("the second of two free ports: %v", err)
		}
		defer listener.Close()
		if err := bindable(r.first, 2); err == nil || !strings.Contains(err.Error(), "is taken") {
			t.Errorf("bindable = %v, want the second port taken", err)
		}
	})
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
