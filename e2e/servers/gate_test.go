package servers_test

import (
	"io"
	"net"
	"testing"

	"github.com/leat-io/leat/e2e/servers"
)

// echo answers with what it is sent.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	return l.Addr().String()
}

func say(c net.Conn) error {
	if _, err := c.Write([]byte("hello")); err != nil {
		return err
	}
	_, err := io.ReadFull(c, make([]byte, 5))
	return err
}

func TestGate(t *testing.T) {
	t.Parallel()
	g, err := servers.NewGate(t.Context(), echo(t))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Shut()
	c, err := net.Dial("tcp", g.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := say(c); err != nil {
		t.Fatalf("open: %v", err)
	}
	g.Shut()
	if err := say(c); err == nil {
		t.Error("a connection outlived the gate")
	}
	if again, err := net.Dial("tcp", g.Addr()); err == nil {
		_ = again.Close()
		t.Error("a shut gate takes connections")
	}
	if err := g.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := net.Dial("tcp", g.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if err := say(again); err != nil {
		t.Errorf("open again: %v", err)
	}
}
