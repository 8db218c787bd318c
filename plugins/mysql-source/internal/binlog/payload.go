package binlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// errCompression is returned for a payload that is compressed in a way unknown here.
var errCompression = errors.New("transaction payload is compressed in an unknown way")

// Fields and values of a TRANSACTION_PAYLOAD event.
const (
	payloadEnd         = 0
	payloadCompression = 2
	payloadZstd        = 0
	payloadPlain       = 255
)

// Payload reads the events of a compressed transaction one by one, so that its
// size does not matter. The zero value is ready; it can be opened again and again.
type Payload struct {
	zstd  *zstd.Decoder
	in    bytes.Reader
	from  io.Reader
	buf   []byte
	event Event
}

// Open begins with the events in the body of a TRANSACTION_PAYLOAD event, which
// must stay as it is until Next has returned io.EOF.
func (p *Payload) Open(body []byte) error {
	c := cursor{rest: body}
	compression := uint64(payloadPlain)
	for {
		field := c.lenenc()
		if field == payloadEnd || c.bad {
			break
		}
		value := cursor{rest: c.take(c.lenenc())}
		if field == payloadCompression {
			compression = value.lenenc()
		}
	}
	if c.bad {
		return fmt.Errorf("%w: header of a transaction payload", ErrDamaged)
	}
	p.in.Reset(c.rest)
	switch compression {
	case payloadPlain:
		p.from = &p.in
		return nil
	case payloadZstd:
		return p.decompress()
	}
	return fmt.Errorf("%w: %d", errCompression, compression)
}

func (p *Payload) decompress() error {
	if p.zstd == nil {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return fmt.Errorf("open zstd: %w", err)
		}
		p.zstd = d
	}
	p.from = p.zstd
	if err := p.zstd.Reset(&p.in); err != nil {
		return fmt.Errorf("read transaction payload: %w", err)
	}
	return nil
}

// Next returns the next event, valid until it is called again, or io.EOF.
func (p *Payload) Next() (*Event, error) {
	if cap(p.buf) < headerSize || cap(p.buf) > keepBuffer {
		p.buf = make([]byte, 0, 4096)
	}
	p.buf = p.buf[:headerSize]
	if _, err := io.ReadFull(p.from, p.buf); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		return nil, fmt.Errorf("read transaction payload: %w", err)
	}
	size := binary.LittleEndian.Uint32(p.buf[9:])
	if size < headerSize || size > maxEvent {
		return nil, fmt.Errorf("%w: event of %d bytes in a transaction payload", ErrDamaged, size)
	}
	if err := p.fill(int(size)); err != nil {
		return nil, fmt.Errorf("read transaction payload: %w", err)
	}
	return &p.event, p.event.parse(p.buf)
}

// maxEvent is the largest event a server writes.
const maxEvent = 1 << 30

// fill reads on until buf has size bytes. It grows as data arrives, so that a
// damaged length costs no memory.
func (p *Payload) fill(size int) error {
	for len(p.buf) < size {
		n := min(size-len(p.buf), 1<<20)
		at := len(p.buf)
		if cap(p.buf)-at < n {
			p.buf = append(p.buf, make([]byte, n)...)
		}
		p.buf = p.buf[:at+n]
		if _, err := io.ReadFull(p.from, p.buf[at:]); err != nil {
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			return err
		}
	}
	return nil
}

// Close lets go of the decoder.
func (p *Payload) Close() {
	if p.zstd != nil {
		p.zstd.Close()
	}
}
