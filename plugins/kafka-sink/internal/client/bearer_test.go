package client

import (
	"strings"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/identity"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/oidc"
)

func TestBearer(t *testing.T) {
	t.Parallel()
	extensions := map[string]string{"logicalCluster": "lkc-1"}
	provider := identity.Start(t, "leat", "secret", time.Hour)
	source := func(secret string) *oidc.Source {
		return oidc.NewSource(oidc.Settings{TokenURL: provider.TokenURL(), ClientID: "leat", Secret: func() (string, error) { return secret, nil }})
	}
	apply := func(t *testing.T, s SASL) sarama.AccessTokenProvider {
		t.Helper()
		conf := sarama.NewConfig()
		if err := s.apply(conf); err != nil {
			t.Fatal(err)
		}
		return conf.Net.SASL.TokenProvider
	}

	t.Run("of the provider, with extensions", func(t *testing.T) {
		t.Parallel()
		got, err := apply(t, SASL{Mechanism: "OAUTHBEARER", OIDC: source("secret"), Extensions: extensions}).Token()
		if err != nil || strings.Count(got.Token, ".") != 2 {
			t.Fatalf("got %v, %v", got, err)
		}
		if diff := cmp.Diff(extensions, got.Extensions); diff != "" {
			t.Errorf("extensions (-want +got):\n%s", diff)
		}
	})
	t.Run("none without the right secret", func(t *testing.T) {
		t.Parallel()
		if got, err := apply(t, SASL{Mechanism: "OAUTHBEARER", OIDC: source("wrong")}).Token(); err == nil || sdk.IsTransient(err) {
			t.Errorf("got %v, %v", got, err)
		}
	})
	t.Run("none for mechanisms that have no token", func(t *testing.T) {
		t.Parallel()
		if got := apply(t, SASL{Mechanism: "PLAIN"}); got != nil {
			t.Errorf("got %T", got)
		}
	})
}
