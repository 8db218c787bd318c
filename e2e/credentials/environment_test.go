//go:build e2e

// Package credentials_test proves where the credentials of plugins come from.
package credentials_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/leat-io/leat/core/plugin"
	"github.com/leat-io/leat/e2e/harness"
)

// google is a token endpoint, and a REST API that remembers who calls.
type google struct {
	*httptest.Server
	mu      sync.Mutex
	tokens  int
	callers map[string]int
}

func newGoogle(t *testing.T) *google {
	g := &google{callers: map[string]int{}}
	g.Server = httptest.NewServer(http.HandlerFunc(g.serve))
	t.Cleanup(g.Close)
	return g
}

func (g *google) serve(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/token" {
		g.tokens++
		_, _ = io.WriteString(w, `{"access_token":"that-of-the-environment","token_type":"Bearer","expires_in":3600}`)
		return
	}
	g.callers[r.Header.Get("Authorization")]++
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, `{"error":{"code":403,"message":"none of your business"}}`)
}

// account writes a key of a service account that gets its tokens from g.
func (g *google) account(t *testing.T) string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	text, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "leat@p.iam.gserviceaccount.com", "project_id": "p",
		"private_key_id": "k", "private_key": string(block), "token_uri": g.URL + "/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// build makes the binary of a plugin.
func build(t *testing.T, name string) string {
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", path, "./plugins/"+name)
	cmd.Dir = harness.Root(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// TestApplicationDefaultCredentials has bigquery-sink look for its credentials as
// Google's tools do, with the variable listed and without.
func TestApplicationDefaultCredentials(t *testing.T) {
	binary := build(t, "bigquery-sink")
	tests := map[string]struct {
		env  []string
		want bool
	}{
		"the variable is listed":     {[]string{"GOOGLE_APPLICATION_CREDENTIALS"}, true},
		"the variable is not listed": {nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g := newGoogle(t)
			t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", g.account(t))
			t.Setenv("HOME", t.TempDir()) // without gcloud's own credentials
			p, err := plugin.Start(t.Context(), plugin.Settings{Path: binary, Name: "warehouse", Env: tt.env, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Kill)
			r, err := p.Validate(t.Context(), plugin.Check{Live: true, Config: fmt.Appendf(nil,
				`{"project":"p","dataset":"d","request_timeout":"20s","endpoint":{"rest":%q}}`, g.URL)})
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			for _, f := range r.GetFindings() {
				fmt.Fprintf(&text, "%v %s: %s\n", f.GetSeverity(), f.GetCheck(), f.GetMessage())
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			if got := g.tokens > 0 && g.callers["Bearer that-of-the-environment"] > 0; got != tt.want {
				t.Errorf("the credentials were used: %v, want %v; %d tokens, callers %v\n%s", got, tt.want, g.tokens, g.callers, &text)
			}
			if refused := strings.Contains(text.String(), "could not find default credentials"); refused == tt.want {
				t.Errorf("findings:\n%s", &text)
			}
		})
	}
}

// TestProxyOfTheEnvironment has avro-transform reach its registry by a proxy.
func TestProxyOfTheEnvironment(t *testing.T) {
	binary := build(t, "avro-transform")
	for name, tt := range map[string]struct {
		env  []string
		want bool
	}{
		"the variable is listed":     {[]string{"HTTP_PROXY"}, true},
		"the variable is not listed": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan string, 100)
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked <- r.URL.Host
				w.WriteHeader(http.StatusTeapot)
			}))
			t.Cleanup(proxy.Close)
			t.Setenv("HTTP_PROXY", proxy.URL)
			p, err := plugin.Start(t.Context(), plugin.Settings{Path: binary, Name: "transform", Env: tt.env, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Kill)
			_, err = p.Validate(t.Context(), plugin.Check{Live: true, Config: []byte(
				`{"topic_prefix":"p","registry":{"urls":["http://registry.invalid:8081"],"timeout":"5s"}}`)})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(asked) > 0; got != tt.want {
				t.Fatalf("asked by the proxy: %v, want %v", got, tt.want)
			}
			if tt.want {
				if host := <-asked; host != "registry.invalid:8081" {
					t.Errorf("the proxy was asked for %s", host)
				}
			}
		})
	}
}
