package binlog

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/go-mysql-org/go-mysql/mysql"
)

const (
	bufferSize = 256 << 10
	// maxPacket is the length that says that another packet follows.
	maxPacket = 1<<24 - 1
	// keepBuffer bounds the memory kept for the next large event.
	keepBuffer = 4 << 20
)

// errSequence is returned when packets are missing.
var errSequence = errors.New("packet out of sequence")

// Reader reads events from a connection that sends a dump.
type Reader struct {
	in       window
	source   *source
	sequence byte
	pending  int    // bytes of the last event that are still in the window
	large    []byte // for events that do not fit into it
	event    Event
	checks   checksums
}

// source reads from the connection and tells when it has nothing at hand.
type source struct {
	conn    net.Conn
	timeout time.Duration
	idle    func() error
	short   bool
	bytes   uint64
}

// NewReader reads from conn. Before a read that may wait it calls idle; a read
// that waits longer than timeout fails, which the server's heartbeats prevent.
func NewReader(conn net.Conn, timeout time.Duration, idle func() error) *Reader {
	s := &source{conn: conn, timeout: timeout, idle: idle}
	return &Reader{in: window{from: s, buf: make([]byte, bufferSize)}, source: s, sequence: 1}
}

func (s *source) Read(p []byte) (int, error) {
	if s.short {
		if err := s.idle(); err != nil {
			return 0, err
		}
	}
	if err := s.conn.SetReadDeadline(time.Now().Add(s.timeout)); err != nil {
		return 0, err
	}
	n, err := s.conn.Read(p)
	s.short = n < len(p)
	s.bytes += uint64(n)
	return n, err
}

// Bytes returns how many were read so far.
func (r *Reader) Bytes() uint64 { return r.source.bytes }

// Next returns the next event, valid until it is called again. An error of the
// server is a *mysql.MyError.
func (r *Reader) Next() (*Event, error) {
	packet, err := r.packet()
	if err != nil {
		return nil, err
	}
	if len(packet) == 0 {
		return nil, fmt.Errorf("%w: empty packet", ErrDamaged)
	}
	switch packet[0] {
	case mysql.OK_HEADER:
		if err := r.event.parse(packet[1:]); err != nil {
			return nil, err
		}
		return &r.event, r.checks.check(&r.event)
	case mysql.ERR_HEADER:
		return nil, serverError(packet)
	case mysql.EOF_HEADER:
		return nil, io.EOF
	}
	return nil, fmt.Errorf("%w: packet of kind %#x", ErrDamaged, packet[0])
}

// packet returns the next packet without copying it, if the window can hold it.
func (r *Reader) packet() ([]byte, error) {
	r.in.take(r.pending)
	r.pending = 0
	n, err := r.header()
	if err != nil {
		return nil, err
	}
	if n <= bufferSize {
		packet, err := r.in.peek(n)
		if err == nil {
			r.pending = n
		}
		return packet, err
	}
	if cap(r.large) > keepBuffer {
		r.large = nil
	}
	r.large = r.large[:0]
	for {
		at := len(r.large)
		r.large = append(r.large, make([]byte, n)...)
		if _, err := io.ReadFull(&r.in, r.large[at:]); err != nil {
			return nil, err
		}
		if n < maxPacket {
			return r.large, nil
		}
		if n, err = r.header(); err != nil {
			return nil, err
		}
	}
}

func (r *Reader) header() (int, error) {
	h, err := r.in.peek(4)
	if err != nil {
		return 0, err
	}
	if h[3] != r.sequence {
		return 0, fmt.Errorf("%w: %d instead of %d", errSequence, h[3], r.sequence)
	}
	r.sequence++
	n := int(h[0]) | int(h[1])<<8 | int(h[2])<<16
	r.in.take(4)
	return n, nil
}

func serverError(packet []byte) error {
	c := cursor{rest: packet[1:]}
	e := &mysql.MyError{Code: uint16(c.uint(2))}
	if len(c.rest) >= 6 && c.rest[0] == '#' {
		e.State = string(c.take(6)[1:])
	}
	e.Message = string(c.rest)
	return e
}

// Extend returns the offset whose low 32 bits are low and which is not before
// base: headers hold no more, though a file may grow beyond 4 GiB.
func Extend(base uint64, low uint32) uint64 {
	pos := base&^(1<<32-1) | uint64(low)
	if pos < base {
		pos += 1 << 32
	}
	return pos
}

// Walk hands events that are at hand already to handle, and ends with the first
// error.
func Walk(events [][]byte, handle func(*Event) error) error {
	var checks checksums
	for _, raw := range events {
		var e Event
		if err := e.parse(raw); err != nil {
			return err
		}
		if err := checks.check(&e); err != nil {
			return err
		}
		if err := handle(&e); err != nil {
			return err
		}
	}
	return nil
}
