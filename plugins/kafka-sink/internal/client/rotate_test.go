package client_test

import (
	"crypto/tls"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// cutter ends the connections of a fake cluster.
type cutter struct {
	mu    sync.Mutex
	conns []net.Conn
}

func (c *cutter) listen(network, address string) (net.Listener, error) {
	l, err := net.Listen(network, address)
	return &cutListener{l, c}, err
}

func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.conns = nil
}

type cutListener struct {
	net.Listener
	cutter *cutter
}

func (l *cutListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.cutter.mu.Lock()
		l.cutter.conns = append(l.cutter.conns, c)
		l.cutter.mu.Unlock()
	}
	return c, err
}

// files are those of a client's credentials.
type files string

func (f files) path(name string) string { return filepath.Join(string(f), name) }

func (f files) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(f.path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// asks says whether a client, all of whose connections are cut, gets an answer.
func asks(t *testing.T, c *client.Client, cut *cutter) error {
	t.Helper()
	cut.cut()
	var err error
	for range 3 { // a connection that was cut is noticed by its use
		if err = c.RefreshMetadata(); err == nil {
			return nil
		}
	}
	return err
}

func TestEachLoginReadsTheFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var cut cutter
			cluster := kafkatest.Start(t, kfake.EnableSASL(), kfake.ListenFn(cut.listen),
				kfake.Superuser(name, "anna", "first"), kfake.Superuser(name, "bert", "second"))
			dir := files(t.TempDir())
			dir.write(t, "user", "anna\n")
			dir.write(t, "password", "first\n")
			s := settings(cluster.ListenAddrs())
			s.SASL = client.SASL{
				Mechanism: name,
				Username:  config.TextFile("sasl.username", dir.path("user")),
				Password:  config.SecretFile("sasl.password", dir.path("password")),
			}
			c, err := client.New(s)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			dir.write(t, "password", "second\n")
			if err := asks(t, c, &cut); err == nil {
				t.Error("logs in with a password that is not that of the user")
			}
			dir.write(t, "user", "bert\n")
			if err := asks(t, c, &cut); err != nil {
				t.Errorf("with new user and password: %v", err)
			}
		})
	}
}

func TestEachConnectionReadsTheCertificates(t *testing.T) {
	t.Parallel()
	dir := files(t.TempDir())
	var current atomic.Pointer[tls.Config]
	rotate := func() (server, client func()) {
		a := kafkatest.NewAuthority(t)
		cert, key := a.Issue(t, "sink")
		return func() { current.Store(a.Server(t, "127.0.0.1", true)) }, func() {
			dir.write(t, "ca.pem", a.PEM)
			dir.write(t, "cert.pem", cert)
			dir.write(t, "key.pem", key)
		}
	}
	rotateServer, rotateClient := rotate()
	rotateServer()
	rotateClient()
	var cut cutter
	conf := &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return current.Load(), nil }}
	// kfake takes TLS or a listener of one's own, not both.
	cluster := kafkatest.Start(t, kfake.ListenFn(func(network, address string) (net.Listener, error) {
		l, err := cut.listen(network, address)
		return tls.NewListener(l, conf), err
	}))
	s := settings(cluster.ListenAddrs())
	s.TLS = tlsconfig.Config{
		Mode: tlsconfig.VerifyIdentity, CA: config.NewText(dir.path("ca.pem")),
		Cert: config.NewText(dir.path("cert.pem")), Key: config.NewSecret(dir.path("key.pem")),
	}
	c, err := client.New(s)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	rotateServer, rotateClient = rotate()
	rotateServer()
	if err := asks(t, c, &cut); err == nil {
		t.Error("connects to a broker whose authority its file does not have")
	}
	rotateClient()
	if err := asks(t, c, &cut); err != nil {
		t.Errorf("with new files: %v", err)
	}
}
