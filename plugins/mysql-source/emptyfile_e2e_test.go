//go:build e2e

package main

import (
	"strings"
	"testing"
	"time"
)

// A source that stopped at the beginning of a log file goes on, whether that file
// was written or left empty for others since.
func TestSource_emptyLogFile(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			b := kind(t)
			r := newRecorder(1)
			x := b.start(r)
			x.reading()
			b.inserts(1, 1)
			x.expect(0, "c a {1}")
			b.exec("FLUSH BINARY LOGS")
			path, _ := b.logEnd()
			file := path[strings.LastIndexByte(path, '/')+1:]
			for end := time.Now().Add(patience); !strings.Contains(string(r.base()), file); time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("the source stays at %s, the log is in %s", r.base(), file)
				}
			}
			x.stop()
			time.Sleep(1100 * time.Millisecond) // files are told apart by the second
			b.exec("FLUSH BINARY LOGS", "FLUSH BINARY LOGS")
			b.inserts(2, 1)
			x = b.start(r)
			x.expect(0, "c a {1}", "c a {2}")
			x.stop()
		})
	}
}

// base is the position of the first sink, as text.
func (r *recorder) base() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.points[0] == nil {
		return nil
	}
	return append([]byte(nil), r.points[0].Position.Base...)
}
