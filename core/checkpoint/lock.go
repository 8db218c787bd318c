package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
)

const (
	lockTimeout = 500 * time.Millisecond
	lockPause   = 20 * time.Millisecond
)

// lock takes the lock of a pipeline's checkpoints: alone, or with others that
// read. It is a file of its own, as the file of the checkpoints is replaced.
// There is nothing to let go of for readers where nobody has ever written.
func lock(path string, alone bool) (release func() error, err error) {
	flag, how := os.O_RDONLY, syscall.LOCK_SH
	if alone {
		flag, how = os.O_RDWR|os.O_CREATE, syscall.LOCK_EX
	}
	f, err := os.OpenFile(path+lockSuffix, flag, fileMode)
	if errors.Is(err, fs.ErrNotExist) && !alone {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open lock of checkpoint file: %w", err)
	}
	if err := acquire(f, how, path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

func acquire(f *os.File, how int, path string) error {
	for deadline := time.Now().Add(lockTimeout); ; time.Sleep(lockPause) {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			return fmt.Errorf("lock checkpoint file %s: %w", path, err)
		case time.Now().After(deadline):
			return fmt.Errorf("%w: %s: another leat runs this pipeline; stop it first", ErrLocked, path)
		}
	}
}

// lockOld sees that no leat of the version before has the file itself locked.
func lockOld(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(acquire(f, syscall.LOCK_SH, path), f.Close())
}
