package oidc_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/leat-io/leat/e2e/identity"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "S3CRET-of-the-client"

func source(p *identity.Provider, secret *string) *oidc.Source {
	return oidc.NewSource(oidc.Settings{
		TokenURL: p.TokenURL(), ClientID: "leat", Secret: func() (string, error) { return *secret, nil },
		Scopes: []string{"kafka", "registry"}, Audience: "cluster", Parameters: map[string]string{"resource": "r"},
	})
}

func mustToken(t *testing.T, s *oidc.Source) string {
	t.Helper()
	token, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestToken(t *testing.T) {
	t.Parallel()

	t.Run("OK asks once, for all that is configured", func(t *testing.T) {
		t.Parallel()
		p, given := identity.Start(t, "leat", secret, time.Hour), secret
		s := source(p, &given)
		var group sync.WaitGroup
		first := mustToken(t, s)
		for range 20 {
			group.Go(func() {
				if token, err := s.Token(t.Context()); token != first || err != nil {
					t.Errorf("got another token, %v", err)
				}
			})
		}
		group.Wait()
		forms := p.Forms()
		if len(forms) != 1 {
			t.Fatalf("%d requests", len(forms))
		}
		want := map[string][]string{
			"grant_type": {"client_credentials"}, "scope": {"kafka registry"}, "audience": {"cluster"}, "resource": {"r"},
		}
		if diff := cmp.Diff(want, map[string][]string(forms[0])); diff != "" {
			t.Errorf("form (-want +got):\n%s", diff)
		}
	})

	t.Run("of many that ask at once one does", func(t *testing.T) {
		t.Parallel()
		p, given := identity.Start(t, "leat", secret, time.Hour), secret
		s := source(p, &given)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, err := s.Token(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := len(p.Forms()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})

	t.Run("asks for another before it ends, with the secret of now", func(t *testing.T) {
		t.Parallel()
		p, given := identity.Start(t, "leat", secret, 2*time.Second), secret
		s := source(p, &given)
		first := mustToken(t, s)
		p.Rotate("another")
		given = "another"
		time.Sleep(1700 * time.Millisecond)
		if mustToken(t, s) == first {
			t.Error("the token is about to end, and nobody has asked for another")
		}
	})

	t.Run("goes on with the token that it has while the provider is away, and no longer", func(t *testing.T) {
		t.Parallel()
		p, given := identity.Start(t, "leat", secret, 3*time.Second), secret
		s := source(p, &given)
		first := mustToken(t, s)
		p.Fail(http.StatusServiceUnavailable, "away")
		time.Sleep(2500 * time.Millisecond)
		asked := len(p.Forms())
		for range 10 {
			if got := mustToken(t, s); got != first {
				t.Error("another token from a provider that is away")
			}
		}
		if n := len(p.Forms()) - asked; n != 1 {
			t.Errorf("%d requests in a moment to a provider that is away", n)
		}
		time.Sleep(time.Second)
		if _, err := s.Token(t.Context()); err == nil || !sdk.IsTransient(err) {
			t.Errorf("got %v after the end of the token", err)
		}
		p.Fail(0, "")
		time.Sleep(1100 * time.Millisecond)
		mustToken(t, s)
	})
}

func TestTokenFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status    int
		body      string
		transient bool
		want      string
	}{
		"an unknown client":           {401, `{"error":"invalid_client"}`, false, "check oidc.client_id and oidc.client_secret"},
		"without a body":              {401, ``, false, "check oidc.client_id and oidc.client_secret"},
		"a scope there is none of":    {400, `{"error":"invalid_scope","error_description":"no scope kafka"}`, false, "invalid_scope (no scope kafka): check oidc.scopes"},
		"a client without this grant": {400, `{"error":"unauthorized_client"}`, false, "client credentials"},
		"another page":                {404, `<html>`, false, "oidc.token_url"},
		"a page instead of a token":   {200, `<html>`, false, "oidc.token_url"},
		"no token":                    {200, `{"token_type":"Bearer"}`, false, "oidc.token_url"},
		"a page to go to":             {302, ``, false, "oidc.token_url"},
		"a provider that is down":     {503, `no`, true, "it answers 503"},
		"a broken one":                {500, `{"error":"server_error"}`, true, "server_error"},
		"a busy one":                  {429, ``, true, "it answers 429"},
		"one that says so itself":     {400, `{"error":"temporarily_unavailable"}`, true, "temporarily_unavailable"},
		"one that repeats the secret": {400, `{"error":"invalid_request","error_description":"client_secret=` + secret + `"}`, false, "client_secret=***"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, given := identity.Start(t, "leat", secret, time.Hour), secret
			p.Fail(tt.status, tt.body)
			_, err := source(p, &given).Token(t.Context())
			var known *oidc.Error
			if !errors.As(err, &known) || sdk.IsTransient(err) != tt.transient {
				t.Fatalf("got %v, want transient %v", err, tt.transient)
			}
			if text := err.Error(); !strings.Contains(text, tt.want) || !strings.Contains(text, p.TokenURL()) || strings.Contains(text, secret) {
				t.Errorf("got %s, want %s", text, tt.want)
			}
		})
	}

	t.Run("one that repeats the secret as it was sent", func(t *testing.T) {
		t.Parallel()
		p, given := identity.Start(t, "leat", "other", time.Hour), `S3/+ "x`
		sent := url.QueryEscape(given)
		basic := base64.StdEncoding.EncodeToString([]byte("leat:" + sent))
		p.Fail(http.StatusUnauthorized, `{"error":"invalid_client","error_description":"Basic `+basic+` is leat:`+sent+`"}`)
		_, err := source(p, &given).Token(t.Context())
		if err == nil || !strings.Contains(err.Error(), "(Basic *** is leat:***)") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		p, given := identity.Start(t, "leat", secret, time.Hour), secret
		p.Close()
		if _, err := source(p, &given).Token(t.Context()); err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a secret that cannot be read", func(t *testing.T) {
		t.Parallel()
		p := identity.Start(t, "leat", secret, time.Hour)
		s := oidc.NewSource(oidc.Settings{TokenURL: p.TokenURL(), ClientID: "leat", Secret: func() (string, error) { return "", os.ErrNotExist }})
		if _, err := s.Token(context.Background()); err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "oidc.client_secret") {
			t.Errorf("got %v", err)
		}
	})
}

func TestValidate(t *testing.T) {
	t.Parallel()
	valid := oidc.DefaultConfig()
	valid.TokenURL, valid.ClientID, valid.ClientSecret = "https://idp/token", "c", config.NewSecret("s")
	tests := map[string]struct {
		edit func(*oidc.Config)
		want string
	}{
		"OK":                          {func(*oidc.Config) {}, ""},
		"on this machine":             {func(c *oidc.Config) { c.TokenURL = "http://127.0.0.1:1/token" }, ""},
		"by name":                     {func(c *oidc.Config) { c.TokenURL = "http://localhost/token" }, ""},
		"without TLS":                 {func(c *oidc.Config) { c.TokenURL = "http://idp/token" }, "token_url: \"http://idp/token\" would send the secret"},
		"no URL":                      {func(c *oidc.Config) { c.TokenURL = "" }, "token_url: is empty"},
		"half a URL":                  {func(c *oidc.Config) { c.TokenURL = "idp/token" }, "is not a URL"},
		"by name, in capitals":        {func(c *oidc.Config) { c.TokenURL = "http://LOCALHOST/token" }, ""},
		"a URL with credentials":      {func(c *oidc.Config) { c.TokenURL = "https://u:p@idp/token" }, "token_url: has a user in it, which may be secret and is not shown"},
		"half a URL with credentials": {func(c *oidc.Config) { c.TokenURL = "u:p%zz@idp" }, "token_url: has a user in it, which may be secret and is not shown"},
		"no client":                   {func(c *oidc.Config) { c.ClientID = "" }, "client_id: is empty"},
		"no secret":                   {func(c *oidc.Config) { c.ClientSecret = config.Secret{} }, "client_secret: is empty"},
		"a parameter that is ours":    {func(c *oidc.Config) { c.Parameters = map[string]string{"scope": "x"} }, "scope is set by leat"},
		"keys of TLS without https":   {func(c *oidc.Config) { c.TokenURL, c.TLS.ServerName = "http://localhost/token", "idp" }, "tls: is given, but token_url does not begin with https://"},
		"no encryption":               {func(c *oidc.Config) { c.TLS.Mode = tlsconfig.Disabled }, "tls: mode: is disabled, which does not serve here"},
		"encryption that may be none": {func(c *oidc.Config) { c.TLS.Mode = tlsconfig.Preferred }, "tls: mode: is preferred, which does not serve here"},
		"a file that is not there":    {func(c *oidc.Config) { c.TLS.CA = config.NewText("/no/such") }, "tls: ca: /no/such cannot be read"},
		"a file without certificates": {func(c *oidc.Config) { c.TLS.CA = config.NewText("source_test.go") }, "tls: ca: source_test.go has no certificate"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := valid
			tt.edit(&c)
			err := c.Validate()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if !c.IsSet() {
				t.Error("the block counts as empty")
			}
		})
	}
	if (oidc.Config{}).IsSet() || oidc.DefaultConfig().IsSet() {
		t.Error("an empty block counts as set")
	}
	for name, c := range map[string]tlsconfig.Config{"mode": {Mode: tlsconfig.Required}, "ca": {Mode: tlsconfig.VerifyIdentity, CA: config.NewText("f")}} {
		if !(oidc.Config{TLS: c}).IsSet() {
			t.Errorf("a block with tls.%s alone counts as empty", name)
		}
	}
}
