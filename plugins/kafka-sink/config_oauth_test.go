package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestValidateOAuth(t *testing.T) {
	t.Parallel()
	provider := oidc.Config{TokenURL: "https://idp/token", ClientID: "c", ClientSecret: config.NewSecret("s")}
	tests := map[string]struct {
		sasl SASL
		want string
	}{
		"OK":                              {SASL{Mechanism: oauth, OIDC: provider}, ""},
		"with extensions":                 {SASL{Mechanism: oauth, OIDC: provider, Extensions: map[string]string{"logicalCluster": "lkc-1"}}, ""},
		"extensions of a token":           {SASL{Mechanism: oauth, Token: config.NewSecret("t"), Extensions: map[string]string{"logicalCluster": "lkc-1"}}, ""},
		"extensions of nothing":           {SASL{Mechanism: oauth, Extensions: map[string]string{"logicalCluster": "lkc-1"}}, "token: is empty"},
		"a provider and a token":          {SASL{Mechanism: oauth, OIDC: provider, Token: config.NewSecret("t")}, "token: is given together with oidc"},
		"a provider of another mechanism": {SASL{Mechanism: "PLAIN", OIDC: provider}, "mechanism: is PLAIN"},
		"a provider of none":              {SASL{Mechanism: noSASL, OIDC: provider}, "mechanism: is none"},
		"half a provider":                 {SASL{Mechanism: oauth, OIDC: oidc.Config{ClientID: "c"}}, "token_url: is empty"},
		"an extension that is the token":  {SASL{Mechanism: oauth, OIDC: provider, Extensions: map[string]string{"auth": "x"}}, `extensions: "auth"`},
		"an extension that breaks out":    {SASL{Mechanism: oauth, OIDC: provider, Extensions: map[string]string{"a": "b\x01auth=x"}}, `extensions: "a"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.sasl.Validate()
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}

	t.Run("a provider is taken with its encryption", func(t *testing.T) {
		t.Parallel()
		provider := `"token_url": "https://idp/token", "client_id": "c", "client_secret": "s"`
		c, problems := decode(t, `{"brokers": ["k:9092"], "tls": {"mode": "verify_identity"}, "sasl": {"mechanism": "OAUTHBEARER", "oidc": {`+provider+`}}}`)
		if problems != nil || c.SASL.OIDC.TLS.Mode != tlsconfig.VerifyIdentity || c.clientSettings().SASL.OIDC == nil {
			t.Errorf("got %+v, %v", c.SASL.OIDC, problems)
		}
		_, problems = decode(t, `{"brokers": ["k:9092"], "tls": {"mode": "verify_identity"}, "sasl": {"mechanism": "OAUTHBEARER", "oidc": {`+provider+`, "tls": {"ca": "/no/such"}}}}`)
		if len(problems) != 1 || !strings.Contains(problems[0], "sasl.oidc.tls.ca: /no/such cannot be read") {
			t.Errorf("got %q", problems)
		}
	})
}

// TestProxiesMayBeListed is for the provider of sasl.oidc, which is asked by way of
// the proxy that the environment names.
func TestProxiesMayBeListed(t *testing.T) {
	t.Parallel()
	for _, name := range sdk.ProxyEnvironment() {
		if !slices.Contains(info.Environment, name) {
			t.Errorf("the sink does not honour %s", name)
		}
	}
}
