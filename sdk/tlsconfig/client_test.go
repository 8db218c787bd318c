package tlsconfig_test

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
	"github.com/leat-io/leat/sdk/tlsconfig/tlstest"
)

// server answers TLS handshakes as its configuration of now says.
type server struct {
	net.Listener
	config atomic.Pointer[tls.Config]
}

func serve(t *testing.T, conf *tls.Config) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Listener: l}
	s.config.Store(conf)
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conn := tls.Server(c, s.config.Load())
			_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
			if conn.Handshake() == nil {
				_, _ = conn.Write([]byte("!"))
			}
			_ = conn.Close()
		}
	}()
	return s
}

// connect makes a connection and reads from it: with TLS 1.3 a server refuses a
// certificate after the client's handshake.
func (s *server) connect(ctx context.Context, c tlsconfig.Config) error {
	conf, err := c.Client("127.0.0.1")
	if err != nil {
		return err
	}
	conn, err := (&tls.Dialer{Config: conf}).DialContext(ctx, "tcp", s.Addr().String())
	if err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 1))
	_ = conn.Close()
	return err
}

func TestModes(t *testing.T) {
	t.Parallel()
	ours, other := tlstest.NewAuthority(t), tlstest.NewAuthority(t)
	ca, otherCA := config.NewText(ours.PEM), config.NewText(other.PEM)
	tests := map[string]struct {
		host string // in the certificate
		tls  tlsconfig.Config
		cure string // none: it connects
	}{
		"required takes any":                 {"other", tlsconfig.Config{Mode: tlsconfig.Required}, ""},
		"preferred takes any":                {"other", tlsconfig.Config{Mode: tlsconfig.Preferred}, ""},
		"verify_ca":                          {"127.0.0.1", tlsconfig.Config{Mode: tlsconfig.VerifyCA, CA: ca}, ""},
		"verify_ca takes another name":       {"other", tlsconfig.Config{Mode: tlsconfig.VerifyCA, CA: ca}, ""},
		"verify_ca, another authority":       {"127.0.0.1", tlsconfig.Config{Mode: tlsconfig.VerifyCA, CA: otherCA}, "set tls.ca to the authority"},
		"verify_ca by the system":            {"127.0.0.1", tlsconfig.Config{Mode: tlsconfig.VerifyCA}, "set tls.ca to the authority"},
		"verify_identity":                    {"127.0.0.1", tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: ca}, ""},
		"verify_identity, another name":      {"other", tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: ca}, "or set tls.server_name"},
		"verify_identity by server_name":     {"other", tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: ca, ServerName: "other"}, ""},
		"verify_identity, another authority": {"127.0.0.1", tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: otherCA}, "set tls.ca to the authority"},
		"a mode that nobody knows verifies":  {"other", tlsconfig.Config{Mode: "x", CA: ca}, "or set tls.server_name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, ours.Server(t, tt.host, false))
			err := s.connect(t.Context(), tt.tls)
			if tt.cure == "" && err != nil {
				t.Error(err)
			}
			if cure := tlsconfig.Cure("tls", err); tt.cure != "" && (err == nil || !strings.Contains(cure, tt.cure)) {
				t.Errorf("got %v, cure %q, want %q", err, cure, tt.cure)
			}
		})
	}
}

func TestCureOfWhatIsNotVerification(t *testing.T) {
	t.Parallel()
	a := tlstest.NewAuthority(t)
	c := tlsconfig.Config{Mode: tlsconfig.VerifyIdentity, CA: config.NewText(a.PEM)}
	old, oldKey := a.IssueUntil(t, "127.0.0.1", time.Now().Add(-time.Minute))
	pair, err := tls.X509KeyPair([]byte(old), []byte(oldKey))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plain.Close() })
	go func() {
		for {
			conn, err := plain.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("220 no TLS here"))
			_ = conn.Close()
		}
	}()
	tests := map[string]struct {
		server *server
		want   string
	}{
		"a certificate is asked for": {serve(t, a.Server(t, "127.0.0.1", true)), "set tls.cert and tls.key"},
		"the server's is old":        {serve(t, &tls.Config{Certificates: []tls.Certificate{pair}}), "renew the server's certificate"},
		"no TLS at all":              {&server{Listener: plain}, "set tls.mode to disabled"},
	}
	for name, tt := range tests {
		err := tt.server.connect(t.Context(), c)
		if cure := tlsconfig.Cure("tls", err); !strings.Contains(cure, tt.want) {
			t.Errorf("%s: got %v, cure %q, want %q", name, err, cure, tt.want)
		}
	}
	if cure := tlsconfig.Cure("tls", context.DeadlineExceeded); cure != "" {
		t.Errorf("a timeout has the cure %q", cure)
	}
}

// TestEachConnectionReadsTheFiles rotates authority and certificates on both sides.
func TestEachConnectionReadsTheFiles(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	rotate := func() *tlstest.Authority {
		a := tlstest.NewAuthority(t)
		cert, key := a.Issue(t, "leat")
		dir.write(t, "ca.pem", a.PEM)
		dir.write(t, "cert.pem", cert)
		dir.write(t, "key.pem", key)
		return a
	}
	s := serve(t, rotate().Server(t, "127.0.0.1", true))
	for name, c := range map[string]tlsconfig.Config{
		"paths":      {CA: config.NewText(dir.path("ca.pem")), Cert: config.NewText(dir.path("cert.pem")), Key: config.NewSecret(dir.path("key.pem"))},
		"references": {CA: config.TextFile("tls.ca", dir.path("ca.pem")), Cert: config.TextFile("tls.cert", dir.path("cert.pem")), Key: config.SecretFile("tls.key", dir.path("key.pem"))},
	} {
		c.Mode = tlsconfig.VerifyIdentity
		before, err := c.Load()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.connect(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		next := tlstest.NewAuthority(t).Server(t, "127.0.0.1", true)
		s.config.Store(next)
		if err := s.connect(t.Context(), c); err == nil {
			t.Errorf("%s: connects to a server of an authority that its file does not have", name)
		}
		s.config.Store(rotate().Server(t, "127.0.0.1", true))
		if err := s.connect(t.Context(), c); err != nil {
			t.Errorf("%s: after the files have changed: %v", name, err)
		}
		after, err := c.Load()
		if err != nil || after == before {
			t.Errorf("%s: files that have changed are equal, %v", name, err)
		}
		if again, err := c.Load(); err != nil || again != after {
			t.Errorf("%s: files that have not changed differ, %v", name, err)
		}
	}
}
