package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Gate stands between a server and its clients, and can be shut: who connects then
// is refused, as by a server that is away.
type Gate struct {
	addr, target string

	mu       sync.Mutex
	listener net.Listener // nil while it is shut
	conns    map[net.Conn]bool
}

// NewGate makes an open gate to a server at host:port.
func NewGate(ctx context.Context, target string) (*Gate, error) {
	g := &Gate{addr: "127.0.0.1:0", target: target, conns: map[net.Conn]bool{}}
	return g, g.Open(ctx)
}

// Addr is where clients connect to.
func (g *Gate) Addr() string { return g.addr }

// Open lets clients pass.
func (g *Gate) Open(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", g.addr)
	if err != nil {
		return fmt.Errorf("open gate to %s: %w", g.target, err)
	}
	g.listener, g.addr = l, l.Addr().String()
	go g.accept(l)
	return nil
}

// Shut cuts all connections and refuses new ones.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != nil {
		_ = g.listener.Close()
		g.listener = nil
	}
	for c := range g.conns {
		_ = c.Close()
	}
}

func (g *Gate) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		go g.pass(client)
	}
}

func (g *Gate) pass(client net.Conn) {
	server, err := new(net.Dialer).Dial("tcp", g.target)
	if err != nil {
		_ = client.Close()
		return
	}
	if !g.keep(client, server) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { forward(server, client) })
	both.Go(func() { forward(client, server) })
	both.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, client)
	delete(g.conns, server)
}

// keep notes the connections, unless the gate was shut meanwhile.
func (g *Gate) keep(conns ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		if g.listener == nil {
			_ = c.Close()
			continue
		}
		g.conns[c] = true
	}
	return g.listener != nil
}

func forward(to, from net.Conn) {
	if _, err := io.Copy(to, from); err != nil && !errors.Is(err, net.ErrClosed) {
		_ = from.Close()
	}
	_ = to.Close()
}
