package kafkatest

import (
	"net"
	"sync"
)

// Gate holds what clients have sent to a fake cluster, as a proxy on the way may:
// whatever becomes of the client, it arrives once the gate is opened. Listen goes
// into kfake.ListenFn.
type Gate struct {
	mu    sync.Mutex
	conns []*gatedConn
}

// Listen makes a listener whose connections the gate can hold.
func (g *Gate) Listen(network, address string) (net.Listener, error) {
	l, err := net.Listen(network, address)
	return &gatedListener{l, g}, err
}

// Close holds the connections that there are; those made later pass.
func (g *Gate) Close() (open func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	held := make(chan struct{})
	for _, c := range g.conns {
		c.mu.Lock()
		c.held = held
		c.mu.Unlock()
	}
	return sync.OnceFunc(func() { close(held) })
}

type gatedListener struct {
	net.Listener
	gate *Gate
}

func (l *gatedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	gated := &gatedConn{Conn: c}
	l.gate.mu.Lock()
	l.gate.conns = append(l.gate.conns, gated)
	l.gate.mu.Unlock()
	return gated, nil
}

type gatedConn struct {
	net.Conn
	mu   sync.Mutex
	held chan struct{}
}

// Read keeps what has come until the gate is open.
func (c *gatedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	held := c.held
	c.mu.Unlock()
	if held != nil {
		<-held
	}
	return n, err
}
