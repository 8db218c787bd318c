package binlog

import (
	"errors"
	"io"
)

// window shows what comes next from a reader without copying it.
type window struct {
	from       io.Reader
	buf        []byte
	start, end int // of what was read and not taken
}

// peek returns the next n bytes, at most len(buf), until the window is used again.
func (w *window) peek(n int) ([]byte, error) {
	if w.end-w.start < n {
		if err := w.fill(n); err != nil {
			return nil, err
		}
	}
	return w.buf[w.start : w.start+n], nil
}

// take passes over n bytes that were seen.
func (w *window) take(n int) { w.start += n }

// fill reads until there are n bytes.
func (w *window) fill(n int) error {
	w.end = copy(w.buf, w.buf[w.start:w.end])
	w.start = 0
	for w.end < n {
		got, err := w.from.Read(w.buf[w.end:])
		w.end += got
		if err != nil && w.end < n {
			if errors.Is(err, io.EOF) && w.end > 0 {
				return io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

// Read takes what was read before, then reads past the window.
func (w *window) Read(p []byte) (int, error) {
	if w.start == w.end {
		return w.from.Read(p)
	}
	n := copy(p, w.buf[w.start:w.end])
	w.start += n
	return n, nil
}
