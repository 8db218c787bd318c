package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestValidateBearer(t *testing.T) {
	t.Parallel()
	provider := oidc.Config{TokenURL: "https://idp/token", ClientID: "c", ClientSecret: config.NewSecret("s")}
	tests := map[string]struct {
		edit func(*Registry)
		want string
	}{
		"OK":              {func(r *Registry) { r.OIDC = provider }, ""},
		"with headers":    {func(r *Registry) { r.Headers = map[string]string{"target-sr-cluster": "lsrc-1"} }, ""},
		"half a provider": {func(r *Registry) { r.OIDC = oidc.Config{ClientID: "c"} }, "token_url: is empty"},
		"keys of TLS without https": {func(r *Registry) {
			r.OIDC = provider
			r.OIDC.TokenURL, r.OIDC.TLS.ServerName = "http://localhost/token", "idp"
		}, "oidc: tls: is given, but token_url does not begin with https://"},
		"and a token":          {func(r *Registry) { r.OIDC, r.Token = provider, config.NewSecret("t") }, "oidc: is given together"},
		"without TLS":          {func(r *Registry) { r.OIDC, r.URLs = provider, []string{"http://registry:8081"} }, "has no TLS"},
		"and a user":           {func(r *Registry) { r.OIDC, r.User, r.Password = provider, config.NewText("u"), config.NewSecret("p") }, "oidc: is given together"},
		"a header that is two": {func(r *Registry) { r.Headers = map[string]string{"a": "b\r\nc: d"} }, `headers: "a"`},
		"a header of ours":     {func(r *Registry) { r.Headers = map[string]string{"Authorization": "x"} }, `headers: "Authorization"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := DefaultConfig().Registry
			if r.OIDC.TLS.Mode != tlsconfig.VerifyIdentity {
				t.Errorf("the provider is verified by %q", r.OIDC.TLS.Mode)
			}
			r.URLs = []string{"https://registry:8081"}
			tt.edit(&r)
			err := r.Validate()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
