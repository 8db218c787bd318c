package frame

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const readBuffer = 64 << 10

// Reader reads frames one after the other.
type Reader struct {
	r   *bufio.Reader
	max int
}

// NewReader reads frames of up to MaxSize from r.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, readBuffer), max: MaxSize}
}

// Limit sets the largest frame that is accepted. A connection that has not
// shown its token yet is read with a small limit.
func (r *Reader) Limit(n int) { r.max = n }

// Read returns the next frame, and io.EOF where the stream ends between two.
// The caller releases the frame.
func (r *Reader) Read() (*Frame, error) {
	prefix, err := r.r.Peek(lengthSize)
	if err != nil {
		if errors.Is(err, io.EOF) && len(prefix) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	size := uint64(binary.LittleEndian.Uint32(prefix)) + lengthSize
	if size < HeaderSize {
		return nil, ErrTooShort
	}
	if size > uint64(r.max) {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, size, r.max)
	}
	raw, err := r.whole(int(size))
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	f, err := parse(raw)
	if err != nil {
		buffers.put(raw)
		return nil, err
	}
	return f, nil
}

// whole reads a frame of that size. The memory for a large one grows as its bytes
// come: the length alone is not believed.
func (r *Reader) whole(size int) ([]byte, error) {
	raw := buffers.get(min(size, maxPooled))
	for done := 0; ; {
		n, err := io.ReadFull(r.r, raw[done:])
		if done += n; err != nil {
			buffers.put(raw)
			return nil, err
		}
		if done == size {
			return raw, nil
		}
		larger := make([]byte, min(size, 2*done))
		copy(larger, raw)
		buffers.put(raw)
		raw = larger
	}
}
