package client

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// dialer makes connections that it can close all at once.
type dialer struct {
	net    net.Dialer
	ctx    context.Context //nolint:containedctx // sarama's dialers get none; this one ends with the client
	cancel context.CancelFunc

	mu    sync.Mutex
	conns map[*conn]struct{}
}

func newDialer(timeout time.Duration) *dialer {
	ctx, cancel := context.WithCancel(context.Background())
	return &dialer{
		net: net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second, Control: limitSilence},
		ctx: ctx, cancel: cancel, conns: map[*conn]struct{}{},
	}
}

// Dial connects, unless the dialer was cut.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	c, err := d.net.DialContext(d.ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.ctx.Err(); err != nil {
		_ = c.Close()
		return nil, err
	}
	tracked := &conn{Conn: c, dialer: d}
	d.conns[tracked] = struct{}{}
	return tracked, nil
}

func (d *dialer) cut() {
	d.cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.conns {
		_ = c.Conn.Close()
	}
	clear(d.conns)
}

// conn leaves its dialer when it is closed.
type conn struct {
	net.Conn
	dialer *dialer
}

// Read does not say that a timeout is one: sarama goes on with a connection after
// a timeout, whose next answers it could not tell from the one that is late.
func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	return n, c.final(err)
}

// Write does the same.
func (c *conn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	return n, c.final(err)
}

func (c *conn) final(err error) error {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return &silence{address: c.RemoteAddr().String()}
}

// silence is a net.Error, which ends the connection.
type silence struct{ address string }

func (s *silence) Error() string { return s.address + " did not answer within request_timeout" }

// Timeout is false: there is nothing to be read later.
func (s *silence) Timeout() bool { return false }

// Temporary is false too.
func (s *silence) Temporary() bool { return false }

func (c *conn) Close() error {
	c.dialer.mu.Lock()
	delete(c.dialer.conns, c)
	c.dialer.mu.Unlock()
	return c.Conn.Close()
}
