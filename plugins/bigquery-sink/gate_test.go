package main

import (
	"io"
	"net"
	"sync"
	"testing"
)

// gate is an address at which a service is reached, or refuses connections.
type gate struct {
	addr, to string

	mu    sync.Mutex
	lis   net.Listener
	conns map[net.Conn]bool
}

// newGate returns an address that is shut.
func newGate(t *testing.T, to string) *gate {
	t.Helper()
	g := &gate{to: to, conns: map[net.Conn]bool{}}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g.addr = lis.Addr().String()
	if err := lis.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.shut)
	return g
}

// open lets connections through.
func (g *gate) open(t *testing.T) {
	t.Helper()
	lis, err := net.Listen("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	g.mu.Lock()
	g.lis = lis
	g.mu.Unlock()
	go func() {
		for {
			c, err := lis.Accept()
			if err != nil {
				return
			}
			go g.carry(c)
		}
	}()
}

func (g *gate) carry(c net.Conn) {
	up, err := net.Dial("tcp", g.to)
	if err != nil {
		_ = c.Close()
		return
	}
	g.mu.Lock()
	g.conns[c], g.conns[up] = true, true
	g.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(up, c); _ = up.Close() })
	both.Go(func() { _, _ = io.Copy(c, up); _ = c.Close() })
	both.Wait()
}

// shut cuts all connections and refuses new ones.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lis != nil {
		_ = g.lis.Close()
	}
	for c := range g.conns {
		_ = c.Close()
	}
	g.lis, g.conns = nil, map[net.Conn]bool{}
}
