//go:build e2e

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
)

// A log that the server cannot read ends the source after a second try, and is
// read on once it is mended.
func TestSource_damagedLogOfTheServer(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			b := kind(t)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			b.inserts(1, 1)
			x.expect(0, "c a {1}")
			x.stop()
			path, at := b.logEnd()
			b.inserts(2, 2)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			damaged := append([]byte(nil), whole...)
			copy(damaged[at+9:], []byte{0xff, 0xff, 0xff, 0x7f}) // the size of the next event
			b.exec("FLUSH BINARY LOGS")
			write(t, path, damaged)
			err = b.readAll(t.Context(), r)
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "cannot send its binary log") {
				t.Errorf("got %v, want an error for good", err)
			}
			write(t, path, whole)
			x = b.start(r)
			x.expect(0, "c a {1}", "c a {2}", "c a {3}")
			x.stop()
		})
	}
}

// logEnd returns the file of the server's log and how long it is.
func (b *bench) logEnd() (path string, size int) {
	b.Helper()
	statement := "SHOW BINARY LOG STATUS"
	if b.ask("SELECT VERSION() LIKE '%MariaDB%'") == "1" {
		statement = "SHOW MASTER STATUS"
	}
	path = filepath.Join(b.ask("SELECT @@datadir"), b.ask(statement))
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return path, int(info.Size())
}

// write puts bytes into a file that others have open.
func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
