package main

import (
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
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

	t.Run("a provider without a file of authorities is no source", func(t *testing.T) {
		t.Parallel()
		s := SASL{Mechanism: oauth, OIDC: oidc.Config{CA: "/no/such"}}
		if err := s.bearer(new(client.SASL)); err == nil || !strings.Contains(err.Error(), "oidc.ca") {
			t.Errorf("got %v", err)
		}
	})
}
