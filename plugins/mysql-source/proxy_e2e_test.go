//go:build e2e

package main

import (
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// proxy leads new connections to a port, and leaves those that are there alone.
type proxy struct {
	port int
	to   atomic.Int64
}

func newProxy(t *testing.T, to int) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{port: l.Addr().(*net.TCPAddr).Port}
	p.to.Store(int64(to))
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return // the test is over
			}
			go p.pass(client)
		}
	}()
	return p
}

func (p *proxy) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.to.Load()))
	if err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// A proxy fails over and leaves the connection to the server of before, which
// receives nothing more: heartbeats come, and no row.
func TestSource_proxyLeadsElsewhere(t *testing.T) {
	b := newBench(t, "CREATE TABLE a (id INT PRIMARY KEY)")
	replica := b.replica()
	first := *b
	first.server = replica // what the source reads at first
	p := newProxy(t, replica.Port)
	first.config.Host, first.config.Port = "127.0.0.1", p.port
	r := newRecorder(1)
	x := first.start(r)
	x.reading()
	b.exec("INSERT INTO a VALUES (1)")
	x.expect(0, "c a {1}")

	first.exec("STOP REPLICA")
	p.to.Store(int64(b.server.Port))
	b.exec("INSERT INTO a VALUES (2)")
	x.expect(0, "c a {1}", "c a {2}")
	x.stop()
	if before, after := r.records[0].origin, r.records[1].origin; after.Epoch <= before.Epoch {
		t.Errorf("origins are %+v and %+v: want a later epoch", before, after)
	}
}
