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
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
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
		c := clientWith(t, tlsconfig.Config{CA: config.NewText(ca)}, server.URL)
		if id, err := c.Ensure(t.Context(), testSchema); id != 1 || err != nil {
			t.Error(id, err)
		}
	})
	t.Run("ErrDenied by an unknown authority", func(t *testing.T) {
		t.Parallel()
		c := clientWith(t, tlsconfig.Config{}, server.URL)
		if _, err := c.Ensure(t.Context(), testSchema); !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "registry.tls.ca") {
			t.Errorf("got %v", err)
		}
	})
}

func clientWith(t *testing.T, c tlsconfig.Config, url string) *Client {
	t.Helper()
	c.Mode = tlsconfig.VerifyIdentity
	client, _ := newTestClient(t, io.Discard, func(s *Settings) { s.Endpoint.TLS = c }, url)
	return client
}
