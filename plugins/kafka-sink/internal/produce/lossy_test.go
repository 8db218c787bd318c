package produce_test

import (
	"net"
	"sync/atomic"
)

// lossy makes listeners that cut the connection instead of sending an answer,
// once for each time that next is set.
type lossy struct {
	next  atomic.Bool
	count atomic.Int32
}

func (l *lossy) listen(network, address string) (net.Listener, error) {
	listener, err := net.Listen(network, address)
	return &lossyListener{listener, l}, err
}

type lossyListener struct {
	net.Listener
	lossy *lossy
}

func (l *lossyListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lossyConn{c, l.lossy}, nil
}

type lossyConn struct {
	net.Conn
	lossy *lossy
}

func (c *lossyConn) Write(b []byte) (int, error) {
	if c.lossy.next.CompareAndSwap(true, false) {
		c.lossy.count.Add(1)
		_ = c.Close()
		return 0, net.ErrClosed
	}
	return c.Conn.Write(b)
}
