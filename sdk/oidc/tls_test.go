package oidc_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/identity"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
	"github.com/leat-io/leat/sdk/tlsconfig/tlstest"
)

// block is what a user writes for a provider over https.
func block(p *identity.Provider, c tlsconfig.Config) oidc.Config {
	b := oidc.DefaultConfig()
	b.TokenURL, b.ClientID, b.ClientSecret = p.TokenURL(), "leat", config.NewSecret(secret)
	if c.Mode == "" {
		c.Mode = b.TLS.Mode
	}
	b.TLS = c
	return b
}

func TestTLS(t *testing.T) {
	t.Parallel()
	a := tlstest.NewAuthority(t)
	ca, otherCA := config.NewText(a.PEM), config.NewText(tlstest.NewAuthority(t).PEM)
	cert, key := a.Issue(t, "leat")
	tests := map[string]struct {
		host      string // in the provider's certificate
		mutual    bool
		tls       tlsconfig.Config
		transient bool
		want      string // in the error; none: there is a token
	}{
		"OK":                               {"127.0.0.1", false, tlsconfig.Config{CA: ca}, false, ""},
		"by the system's authorities":      {"127.0.0.1", false, tlsconfig.Config{}, false, "set oidc.tls.ca to the authority"},
		"by another authority":             {"127.0.0.1", false, tlsconfig.Config{CA: otherCA}, false, "set oidc.tls.ca to the authority"},
		"with another name":                {"other", false, tlsconfig.Config{CA: ca}, false, "or set oidc.tls.server_name"},
		"with another name that is set":    {"other", false, tlsconfig.Config{CA: ca, ServerName: "other"}, false, ""},
		"with any name":                    {"other", false, tlsconfig.Config{Mode: tlsconfig.VerifyCA, CA: ca}, false, ""},
		"with any name, another authority": {"other", false, tlsconfig.Config{Mode: tlsconfig.VerifyCA, CA: otherCA}, false, "set oidc.tls.ca to the authority"},
		"with any certificate":             {"other", false, tlsconfig.Config{Mode: tlsconfig.Required}, false, ""},
		"that asks for a certificate":      {"127.0.0.1", true, tlsconfig.Config{CA: ca}, true, "set oidc.tls.cert and oidc.tls.key"},
		"that is shown a certificate":      {"127.0.0.1", true, tlsconfig.Config{CA: ca, Cert: config.NewText(cert), Key: config.NewSecret(key)}, false, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := block(identity.StartTLS(t, "leat", secret, time.Hour, a.Server(t, tt.host, tt.mutual)), tt.tls)
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			_, err := c.Source().Token(t.Context())
			switch {
			case tt.want == "":
				if err != nil {
					t.Error(err)
				}
			case err == nil || sdk.IsTransient(err) != tt.transient || !strings.Contains(err.Error(), tt.want):
				t.Errorf("got %v, want %q, transient %v", err, tt.want, tt.transient)
			}
		})
	}
}

// TestTLSChanges has another authority sign the provider's certificate while the
// source runs, before the file has it.
func TestTLSChanges(t *testing.T) {
	t.Parallel()
	var current atomic.Pointer[tls.Config]
	file := filepath.Join(t.TempDir(), "ca.pem")
	write := func(a *tlstest.Authority) {
		t.Helper()
		if err := os.WriteFile(file, []byte(a.PEM), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, after := tlstest.NewAuthority(t), tlstest.NewAuthority(t)
	current.Store(before.Server(t, "127.0.0.1", false))
	write(before)
	p := identity.StartTLS(t, "leat", secret, time.Second, &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return current.Load(), nil },
	})
	s := block(p, tlsconfig.Config{CA: config.NewText(file)}).Source()
	past := func() { time.Sleep(1100 * time.Millisecond) } // a token's life, and the rest after a failure
	first := mustToken(t, s)

	current.Store(after.Server(t, "127.0.0.1", false))
	past()
	if _, err := s.Token(t.Context()); err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "oidc.tls.ca") {
		t.Errorf("got %v from a provider of an authority that the file does not have", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	past()
	if _, err := s.Token(t.Context()); err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "oidc.tls.ca "+file+" cannot be read") {
		t.Errorf("got %v without the file", err)
	}
	write(after)
	past()
	if mustToken(t, s) == first {
		t.Error("the token of before, whose life has ended")
	}
}
