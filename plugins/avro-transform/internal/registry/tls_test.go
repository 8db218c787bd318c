package registry

import (
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(registrytest.New(t))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		c := clientWith(t, TLSFiles{CA: ca}, server.URL)
		if id, err := c.Ensure(t.Context(), testSchema); id != 1 || err != nil {
			t.Error(id, err)
		}
	})
	t.Run("ErrDenied by an unknown authority", func(t *testing.T) {
		t.Parallel()
		c := clientWith(t, TLSFiles{}, server.URL)
		if _, err := c.Ensure(t.Context(), testSchema); !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "registry.tls.ca") {
			t.Errorf("got %v", err)
		}
	})
}

func clientWith(t *testing.T, files TLSFiles, url string) *Client {
	t.Helper()
	config, err := files.Load()
	if err != nil {
		t.Fatal(err)
	}
	c, _ := newTestClient(t, io.Discard, func(s *Settings) { s.Endpoint.TLS = config }, url)
	return c
}

func TestLoadFails(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		files TLSFiles
		want  string
	}{
		"without the file":      {TLSFiles{CA: empty + "?"}, "registry.tls.ca"},
		"without a certificate": {TLSFiles{CA: empty}, errNoCertificate.Error()},
		"without a pair":        {TLSFiles{Cert: empty, Key: empty}, "registry.tls.cert and registry.tls.key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.files.Load(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
