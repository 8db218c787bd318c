package registry

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
	"github.com/leat-io/leat/sdk/tlsconfig/tlstest"
)

// asked makes one request and returns its error.
func asked(t *testing.T, a *api, url string) error {
	t.Helper()
	var into any
	return a.ask(t.Context(), http.MethodGet, url, nil, &into)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestEachConnectionReadsTheCertificates rotates those of both sides; only the
// registry's end of the connections is cut.
func TestEachConnectionReadsTheCertificates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var current atomic.Pointer[tls.Config]
	rotate := func() (server, client func()) {
		a := tlstest.NewAuthority(t)
		cert, key := a.Issue(t, "leat")
		return func() { current.Store(a.Server(t, "127.0.0.1", true)) }, func() {
			write(t, dir, "ca.pem", a.PEM)
			write(t, dir, "cert.pem", cert)
			write(t, dir, "key.pem", key)
		}
	}
	rotateServer, rotateClient := rotate()
	rotateServer()
	rotateClient()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return current.Load(), nil }}
	server.StartTLS()
	t.Cleanup(server.Close)
	a := newAPI(Endpoint{TLS: tlsconfig.Config{
		Mode: tlsconfig.VerifyIdentity, CA: config.NewText(filepath.Join(dir, "ca.pem")),
		Cert: config.NewText(filepath.Join(dir, "cert.pem")), Key: config.SecretFile("registry.tls.key", filepath.Join(dir, "key.pem")),
	}})
	t.Cleanup(a.close)
	if err := asked(t, a, server.URL); err != nil {
		t.Fatal(err)
	}
	rotateServer, rotateClient = rotate()
	rotateServer()
	server.CloseClientConnections()
	if err := asked(t, a, server.URL); err == nil || !strings.Contains(err.Error(), "registry.tls.ca") {
		t.Errorf("got %v of a registry whose authority the file does not have", err)
	}
	rotateClient()
	if err := asked(t, a, server.URL); err != nil {
		t.Errorf("with new files: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "key.pem")); err != nil {
		t.Fatal(err)
	}
	var down *unavailableError
	if err := asked(t, a, server.URL); !errors.As(err, &down) || !strings.Contains(err.Error(), "read registry.tls.key") {
		t.Errorf("got %v of a key that is gone, want to wait for it", err)
	}
}

func TestEachRequestReadsTheCredentials(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Store(r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	tests := map[string]struct {
		endpoint Endpoint
		file     string
		want     map[string]string
	}{
		"password": {
			Endpoint{User: config.NewText("u"), Password: config.SecretFile("registry.password", filepath.Join(dir, "password"))},
			"password",
			map[string]string{"p\n": "Basic dTpw", "q\n": "Basic dTpx"},
		},
		"user": {
			Endpoint{User: config.TextFile("registry.user", filepath.Join(dir, "user")), Password: config.NewSecret("p")},
			"user",
			map[string]string{"u\n": "Basic dTpw", "v\n": "Basic djpw"},
		},
		"token": {
			Endpoint{Token: config.SecretFile("registry.token", filepath.Join(dir, "token"))},
			"token",
			map[string]string{"s\n": "Bearer s", "t\n": "Bearer t"},
		},
	}
	for name, tt := range tests {
		a := newAPI(tt.endpoint)
		t.Cleanup(a.close)
		for text, want := range tt.want {
			write(t, dir, tt.file, text)
			if err := asked(t, a, server.URL); err != nil || got.Load() != want {
				t.Errorf("%s: sent %v, %v, want %s", name, got.Load(), err, want)
			}
		}
		got.Store("nothing")
		write(t, dir, tt.file, "")
		var down *unavailableError
		if err := asked(t, a, server.URL); !errors.As(err, &down) || got.Load() != "nothing" {
			t.Errorf("%s: sent %v, %v, want to wait for the file", name, got.Load(), err)
		}
	}
}
