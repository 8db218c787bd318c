package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

const (
	folderPattern = "leat-%d-*" // with the id of the host's process
	lockName      = "lock"
	// maxSocketPath is what every system takes for the path of a unix socket.
	maxSocketPath = 103
	// socketRoom is what is put behind a host's folder: a process's number and the
	// name of its socket.
	socketRoom = len("/12345678/plugin1234567890")
)

// sockets is the folder of this host.
var sockets hostFolder

// hostFolder has the sockets of the processes of a host, each process in a folder of
// its own. It is there as long as one of them, only its owner can enter it, and a
// host that was killed leaves it behind for the next one to remove: that finds
// the lock in it free.
type hostFolder struct {
	mu   sync.Mutex
	path string
	lock *os.File
	used int
	next int
}

// take returns a folder for a process.
func (f *hostFolder) take() (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.used == 0 {
		if err := f.create(); err != nil {
			return "", fmt.Errorf("make folder for sockets: %w", err)
		}
	}
	f.next++
	path := filepath.Join(f.path, strconv.Itoa(f.next))
	if err := os.Mkdir(path, 0o700); err != nil {
		f.removeUnused()
		return "", fmt.Errorf("make folder for sockets: %w", err)
	}
	f.used++
	return path, nil
}

// giveBack removes the folder of a process.
func (f *hostFolder) giveBack(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = os.RemoveAll(path) // what stays goes with the host's folder
	f.used--
	f.removeUnused()
}

func (f *hostFolder) removeUnused() {
	if f.used > 0 {
		return
	}
	_ = os.RemoveAll(f.path) // if not, the next host does it
	_ = f.lock.Close()
}

func (f *hostFolder) create() error {
	base, err := socketBase(os.TempDir())
	if err != nil {
		return err
	}
	sweep(base)
	f.path, err = os.MkdirTemp(base, fmt.Sprintf(folderPattern, os.Getpid())) // mode 0700
	if err != nil {
		return err
	}
	if f.lock, err = lockFolder(f.path); err != nil {
		return errors.Join(err, os.RemoveAll(f.path))
	}
	return nil
}

// socketBase returns where a host's folder goes: the system's temporary folder,
// if its name is not too long for sockets.
func socketBase(temp string) (string, error) {
	for _, base := range []string{temp, "/tmp"} {
		if len(filepath.Join(base, "leat-1234567-1234567890"))+socketRoom <= maxSocketPath {
			return base, nil
		}
	}
	return "", fmt.Errorf("the path %s is too long for sockets; set TMPDIR to a shorter one", temp)
}

// lockFolder holds the folder's lock. The file gets its name when it is locked, so
// that nobody finds it free before.
func lockFolder(path string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(path, lockName+".new"), os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, os.Rename(file.Name(), filepath.Join(path, lockName))
}

// sweep removes the folders of hosts that are no more.
func sweep(base string) {
	paths, err := filepath.Glob(filepath.Join(base, "leat-*-*"))
	if err != nil {
		return
	}
	for _, path := range paths {
		if isOwn(path) && isFree(path) {
			_ = os.RemoveAll(path) // the next host tries again
		}
	}
}

func isOwn(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// isFree says whether the folder has a lock that nobody holds.
func isFree(path string) bool {
	file, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only looked at
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
