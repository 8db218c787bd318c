package server

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// TestAnswersThatNoServerGives logs in at what sends no public key where one is due.
func TestAnswersThatNoServerGives(t *testing.T) {
	t.Parallel()
	for plugin, key := range map[string]string{
		"sha256_password":       "\x01no key",
		"caching_sha2_password": "\x01\x04", // first the request for one
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(5 * time.Second))
			for i, p := range []string{key, "\x01no key"} {
				if i == 0 {
					_, _ = c.Write(greeting(plugin))
				}
				b := make([]byte, 4096)
				if _, err := c.Read(b); err != nil {
					return
				}
				_, _ = c.Write(packet(byte(2+2*i), []byte(p)))
			}
		}()
		s := &Settings{
			Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, //nolint:forcetypeassert // it listens on TCP
			User: config.NewText("u"), Password: config.NewSecret("p"), TLS: tlsconfig.Config{Mode: tlsconfig.Disabled}, Timeout: 5 * time.Second,
		}
		if _, err := s.Connect(t.Context()); !errors.Is(err, errMalformed) {
			t.Errorf("%s: got %v", plugin, err)
		}
		_ = l.Close()
		<-done
	}
}
