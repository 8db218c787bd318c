//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/identity"
	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/sdk"
)

const clientSecret = "S3CRET-of-the-client"

// startBearer runs a broker that lets in whoever has a token of the provider, for
// as long as the token is valid.
func startBearer(t *testing.T, p *identity.Provider) (k *servers.KafkaServer, bearer string) {
	t.Helper()
	first, other := freePorts(t)
	listeners := fmt.Sprintf("PLAINTEXT://127.0.0.1:%d,SASL_PLAINTEXT://127.0.0.1:%d", first, other)
	const listener = "listener.name.sasl_plaintext.oauthbearer."
	k, err := servers.Kafka(t.Context(), servers.Options{
		Port: first,
		Env: []string{"LEAT_KAFKA_JVM=-Xms256m -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 " +
			"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + p.KeysURL()},
		Flags: []string{
			fmt.Sprintf("listeners=%s,CONTROLLER://127.0.0.1:%d", listeners, first+1),
			"advertised.listeners=" + listeners,
			"listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
			"num.partitions=4",
			"listener.name.sasl_plaintext.sasl.enabled.mechanisms=OAUTHBEARER",
			"sasl.enabled.mechanisms=OAUTHBEARER",
			listener + "sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;",
			listener + "sasl.server.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
			listener + "sasl.oauthbearer.jwks.endpoint.url=" + p.KeysURL(),
			listener + "sasl.oauthbearer.expected.audience=kafka",
			listener + "sasl.oauthbearer.expected.issuer=" + identity.Issuer,
			listener + "connections.max.reauth.ms=60000",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() && testing.Verbose() {
			log, _ := os.ReadFile(k.LogPath())
			t.Logf("%.20000s", log[max(0, len(log)-20000):])
		}
		if err := k.Close(); err != nil {
			t.Errorf("stop kafka: %v", err)
		}
	})
	return k, fmt.Sprintf("127.0.0.1:%d", other)
}

func withOIDC(p *identity.Provider, broker, secret string) map[string]any {
	return map[string]any{"brokers": []string{broker}, "sasl": map[string]any{
		"mechanism": "OAUTHBEARER", "extensions": map[string]any{"logicalCluster": "lkc-1"},
		"oidc": map[string]any{"token_url": p.TokenURL(), "client_id": "leat", "client_secret": secret, "scopes": []string{"kafka"}},
	}}
}

// TestOIDC logs in with tokens that live for seconds, far shorter than the run.
func TestOIDC(t *testing.T) {
	const life = 6 * time.Second
	p := identity.Start(t, "leat", clientSecret, life)
	k, broker := startBearer(t, p)

	t.Run("a run over many tokens has no gap", func(t *testing.T) {
		h, err := open(t, withOIDC(p, broker, clientSecret))
		if err != nil {
			t.Fatal(err)
		}
		asked := len(p.Forms())
		n := 0
		var slowest time.Duration
		for begun := time.Now(); time.Since(begun) < 5*life; n++ {
			sent := time.Now()
			h.numbered(t, "tokens", n, n+1)
			if err := h.settle(t); err != nil {
				t.Fatalf("after %v: %v", time.Since(begun), err)
			}
			slowest = max(slowest, time.Since(sent))
			if detail := h.health(t); detail != "" {
				t.Errorf("health says %s", detail)
			}
			time.Sleep(10 * time.Millisecond)
		}
		tokens := len(p.Forms()) - asked
		t.Logf("%d batches over %d more tokens, the slowest took %v", n, tokens, slowest)
		if tokens < 4 || slowest > time.Second {
			t.Errorf("%d tokens, %v for the slowest batch", tokens, slowest)
		}
		checkNumbers(t, k, "tokens", n)
	})

	t.Run("a connection that rested beyond its token is logged in again", func(t *testing.T) {
		h, err := open(t, withOIDC(p, broker, clientSecret))
		if err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "rest", 0, 1)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * life)
		h.numbered(t, "rest", 1, 2)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		checkNumbers(t, k, "rest", 2)
	})

	t.Run("a provider that is away is waited for", func(t *testing.T) {
		h, err := open(t, withOIDC(p, broker, clientSecret))
		if err != nil {
			t.Fatal(err)
		}
		h.numbered(t, "away", 0, 1)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		p.Fail(http.StatusServiceUnavailable, "away")
		time.Sleep(life)
		h.numbered(t, "away", 1, 5)
		h.awaitHealth(t, 20*time.Second, `topic "away", partition`, p.TokenURL(), "it answers 503")
		if detail := h.health(t); strings.Contains(detail, "advertised.listeners") || strings.Contains(detail, clientSecret) {
			t.Errorf("health says %s", detail)
		}
		p.Fail(0, "")
		h.mustSettleWithin(t, time.Now())
		checkNumbers(t, k, "away", 5)
	})

	t.Run("a wrong secret stops the sink at its start, and is not shown", func(t *testing.T) {
		_, err := open(t, withOIDC(p, broker, "S3CRET-that-is-wrong"))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "check oidc.client_id and oidc.client_secret") {
			t.Fatalf("got %v", err)
		}
		if strings.Contains(err.Error(), "S3CRET") {
			t.Errorf("the secret is in %v", err)
		}
	})

	t.Run("a token that the broker does not take stops the sink at its start", func(t *testing.T) {
		other := identity.Start(t, "leat", clientSecret, life) // whose key the broker does not know
		_, err := open(t, withOIDC(other, broker, clientSecret))
		if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), "SASL_AUTHENTICATION_FAILED") {
			t.Errorf("got %v", err)
		}
	})
}
