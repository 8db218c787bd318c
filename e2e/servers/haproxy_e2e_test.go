//go:build e2e

package servers

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const plainProxy = `
global
  stats socket "${HAPROXY_SOCKET}" level admin
defaults
  mode tcp
  timeout connect 1s
  timeout client 10s
  timeout server 10s
frontend in
  bind "127.0.0.1:${HAPROXY_PORT}"
  default_backend out
backend out
  server one "${BEHIND}"
`

// greeter says a word to everybody who connects.
func greeter(t *testing.T, word string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, word)
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestHAProxy(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(config, []byte(plainProxy), 0o600); err != nil {
		t.Fatal(err)
	}
	proxy, err := HAProxy(t.Context(), config, Options{Env: []string{"BEHIND=" + greeter(t, "hello")}})
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, proxy.Process)
	said := func() string {
		conn, err := net.DialTimeout("tcp", loopback(proxy.Port), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		b, _ := io.ReadAll(conn)
		return string(b)
	}
	if got := said(); got != "hello" {
		t.Errorf("through the proxy came %q, want hello", got)
	}
	if answer, err := proxy.Command(t.Context(), "disable server out/one"); err != nil || answer != "" {
		t.Errorf("disable answers %q, %v", answer, err)
	}
	if got := said(); got != "" {
		t.Errorf("through the proxy without a server came %q", got)
	}
	if state, err := proxy.Command(t.Context(), "show stat"); err != nil || !strings.Contains(state, "out,one,") {
		t.Errorf("show stat answers %q, %v", state, err)
	}
	if answer, err := proxy.Command(t.Context(), "no such command"); err != nil || !strings.Contains(answer, "Unknown command") {
		t.Errorf("a wrong command answers %q, %v", answer, err)
	}
}

func TestHAProxyRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := HAProxy(t.Context(), filepath.Join(dir, "none.cfg"), Options{}); err == nil || !strings.Contains(err.Error(), "none.cfg") {
		t.Errorf("without a file: %v", err)
	}
	wrong := filepath.Join(dir, "wrong.cfg")
	if err := os.WriteFile(wrong, []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := HAProxy(t.Context(), wrong, Options{}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("with a wrong file: %v", err)
	}
}
