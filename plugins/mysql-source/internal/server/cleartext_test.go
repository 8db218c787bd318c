package server

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// greeting is the first packet of a server that proposes an authentication.
func greeting(plugin string) []byte {
	b := []byte("\x0a9.7.4\x00\x01\x00\x00\x00ABCDEFGH\x00") // version, connection, first part of the salt
	b = append(b, 0xff, 0xf7, 0xff, 0x02, 0x00, 0xff, 0xdf, 21)
	b = append(b, make([]byte, 10)...)
	b = append(b, "IJKLMNOPQRST\x00"+plugin+"\x00"...)
	return packet(0, b)
}

func packet(sequence byte, b []byte) []byte {
	return append([]byte{byte(len(b)), 0, 0, sequence}, b...)
}

// rogue answers each login with a request to send the password in clear text, and
// keeps what it is sent.
func rogue(t *testing.T, first string) (port int, sent func() string) {
	t.Helper()
	l, err := net.Listen("tcp", ":0") //nolint:gosec // it is reached by an address that is not loopback
	if err != nil {
		t.Fatal(err)
	}
	all := make(chan string, 1)
	go func() {
		var got bytes.Buffer
		for {
			c, err := l.Accept()
			if err != nil {
				all <- got.String()
				return
			}
			_ = c.SetDeadline(time.Now().Add(5 * time.Second))
			for _, p := range [][]byte{greeting(first), packet(2, []byte("\xfe"+clearPassword+"\x00"))} {
				_, _ = c.Write(p)
				b := make([]byte, 4096)
				n, _ := c.Read(b)
				got.Write(b[:n])
			}
			_ = c.Close()
		}
	}()
	stop := sync.OnceValue(func() string {
		_ = l.Close()
		return <-all
	})
	t.Cleanup(func() { stop() })
	return l.Addr().(*net.TCPAddr).Port, stop //nolint:forcetypeassert // it listens on TCP
}

// outward returns an address of this machine that is not loopback.
func outward(t *testing.T) string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			return n.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
}

func TestThePasswordIsNotSentInClearText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first string
		local bool
		mode  string
		sent  bool
	}{
		"at once":                 {clearPassword, false, tlsconfig.Disabled, false},
		"by a switch":             {"mysql_native_password", false, tlsconfig.Disabled, false},
		"where TLS was preferred": {"mysql_native_password", false, tlsconfig.Preferred, false},
		"on this machine":         {"mysql_native_password", true, tlsconfig.Disabled, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := "127.0.0.1"
			if !tt.local {
				host = outward(t)
			}
			port, sent := rogue(t, tt.first)
			s := Settings{
				Host: host, Port: port, User: config.NewText("u"), Password: config.NewSecret("hunter2"),
				TLS: tlsconfig.Config{Mode: tt.mode}, Timeout: 5 * time.Second,
			}
			_, err := s.Connect(t.Context())
			if err == nil {
				t.Fatal("logged in")
			}
			if refused := !sdk.IsTransient(err) && strings.Contains(err.Error(), "set tls.mode to verify_identity"); refused == tt.sent {
				t.Errorf("got %v", err)
			}
			if got := sent(); strings.Contains(got, "hunter2") != tt.sent {
				t.Errorf("the server was sent %q", got)
			}
		})
	}
}

// TestARefusedLoginIsNotTriedOverTLS is about somebody on the network who refuses a
// login without TLS, to be sent the password over one that nobody vouches for.
func TestARefusedLoginIsNotTriedOverTLS(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", net.JoinHostPort(outward(t), "0"))
	if err != nil {
		t.Fatal(err)
	}
	logins := make(chan int, 1)
	go func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				logins <- n
				return
			}
			_ = c.SetDeadline(time.Now().Add(5 * time.Second))
			_, _ = c.Write(greeting("mysql_native_password"))
			_, _ = c.Read(make([]byte, 4096))
			_, _ = c.Write(packet(2, []byte("\xff\x15\x04#28000Access denied")))
			_ = c.Close()
		}
	}()
	at := l.Addr().(*net.TCPAddr) //nolint:forcetypeassert // it listens on TCP
	s := Settings{
		Host: at.IP.String(), Port: at.Port, User: config.NewText("u"), Password: config.NewSecret("hunter2"),
		TLS: tlsconfig.Config{Mode: tlsconfig.Disabled}, Timeout: 5 * time.Second,
	}
	_, err = s.Connect(t.Context())
	if err == nil || !strings.Contains(err.Error(), "may have to log in over TLS (REQUIRE SSL): set tls.mode") {
		t.Errorf("got %v", err)
	}
	_ = l.Close()
	if n := <-logins; n != 1 {
		t.Errorf("logged in %d times", n)
	}
}
