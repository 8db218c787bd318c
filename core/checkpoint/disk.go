package checkpoint

import (
	"errors"
	"fmt"
	"os"
)

// disk is what a store writes to: so tests make writes fail, and crashes.
type disk interface {
	// create makes an empty file, in place of one that is there.
	create(path string) (file, error)
	rename(from, to string) error
	// remove does not mind a file that is not there.
	remove(path string) error
	// syncDir makes what was created, renamed and removed in a folder durable.
	syncDir(dir string) error
}

type file interface {
	WriteAt(b []byte, offset int64) (int, error)
	// Sync makes what was written durable.
	Sync() error
	Close() error
}

// osDisk is the file system.
type osDisk struct{}

func (osDisk) create(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return nil, err
	}
	return synced{f}, nil
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }

func (osDisk) remove(path string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

func (osDisk) syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
