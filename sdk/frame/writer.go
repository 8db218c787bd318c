package frame

import (
	"fmt"
	"io"
	"net"
)

// Writer writes frames. It is not safe for concurrent use.
type Writer struct {
	w      io.Writer
	header [HeaderSize]byte
	parts  [3][]byte
}

// NewWriter writes frames to w, each by one call (writev on a socket).
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write sends f. A frame that was read is sent as it came, so it must not be
// changed in between.
func (w *Writer) Write(f *Frame) error {
	if f.raw != nil {
		_, err := w.w.Write(f.raw)
		return err
	}
	if f.Size() > MaxSize {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, f.Size(), MaxSize)
	}
	f.putHeader(w.header[:])
	w.parts = [3][]byte{w.header[:], f.Position, f.Payload}
	bufs := net.Buffers(w.parts[:])
	_, err := bufs.WriteTo(w.w)
	return err
}
