package servers

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Below 32768, where Linux begins to take the ports of clients: else, while a server is down,
// someone's connection could take its port, or a client that retries could even meet itself.
const (
	lowestPort  = 15000
	highestPort = 32000
)

// reservation keeps consecutive ports from every other user of this package on the machine, also
// while the server that has them is down. The kernel gives them back when the process ends.
type reservation struct {
	first int
	locks []*os.File
}

// reserve finds n consecutive ports that nobody listens on.
func reserve(n int) (*reservation, error) {
	const tries = 200
	dir := filepath.Join(os.TempDir(), "leat-ports-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("reserve ports: %w", err)
	}
	var last error
	for range tries {
		r := &reservation{first: lowestPort + rand.IntN(highestPort-lowestPort)}
		if last = r.lock(dir, n); last == nil {
			last = bindable(r.first, n)
		}
		if last == nil {
			return r, nil
		}
		r.release()
	}
	return nil, fmt.Errorf("reserve %d ports between %d and %d: %w", n, lowestPort, highestPort, last)
}

func (r *reservation) lock(dir string, n int) error {
	for port := r.first; port < r.first+n; port++ {
		file, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(port)), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return fmt.Errorf("lock port %d: %w", port, err)
		}
		r.locks = append(r.locks, file)
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			return fmt.Errorf("lock port %d: %w", port, err)
		}
	}
	return nil
}

// release may be called twice.
func (r *reservation) release() {
	for _, file := range r.locks {
		// Unlocked too: a child that is just being forked holds a copy of the file.
		_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
		_ = file.Close()
	}
	r.locks = nil
}

// awaitBindable gives the ports a moment: a child that some goroutine is just forking holds a copy
// of each listener of bindable until it executes its program.
func awaitBindable(first, n int) error {
	const patience, pause = time.Second, 5 * time.Millisecond
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		if err := bindable(first, n); err == nil || time.Now().After(end) {
			return err
		}
	}
}

// bindable tells whether a server could listen on the n ports from first on.
func bindable(first, n int) error {
	for port := first; port < first+n; port++ {
		listener, err := net.Listen("tcp", loopback(port))
		if err != nil {
			return fmt.Errorf("port %d is taken: %w", port, err)
		}
		if err := listener.Close(); err != nil {
			return fmt.Errorf("close port %d: %w", port, err)
		}
	}
	return nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
