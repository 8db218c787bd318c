package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/e2e/identity"
	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk/oidc"
)

func TestBearer(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T, life time.Duration, secret string) (*registrytest.Server, *identity.Provider, *Client) {
		t.Helper()
		r, p := registrytest.New(t), identity.Start(t, "leat", "S3CRET", life)
		source := oidc.NewSource(oidc.Settings{TokenURL: p.TokenURL(), ClientID: "leat", Secret: func() (string, error) { return secret, nil }})
		c, _ := newTestClient(t, io.Discard, func(s *Settings) {
			s.Endpoint.Provider, s.Endpoint.Headers = source, map[string]string{"target-sr-cluster": "lsrc-1"}
		}, r.URL)
		return r, p, c
	}

	t.Run("goes with each request, another once it ends, and with it the headers", func(t *testing.T) {
		t.Parallel()
		r, p, c := setUp(t, 2*time.Second, "S3CRET")
		seen := map[string]bool{}
		r.Override(func(_ http.ResponseWriter, req *http.Request) bool {
			seen[req.Header.Get("Authorization")] = true
			if req.Header.Get("target-sr-cluster") != "lsrc-1" {
				t.Errorf("headers are %v", req.Header)
			}
			return false
		})
		for _, pause := range []time.Duration{0, 0, 1700 * time.Millisecond} {
			time.Sleep(pause)
			if err := c.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for header := range seen {
			if !strings.HasPrefix(header, "Bearer ey") {
				t.Errorf("Authorization is %q", header)
			}
		}
		if diff := cmp.Diff([]int{2, 2}, []int{len(seen), len(p.Forms())}); diff != "" {
			t.Errorf("tokens seen and given (-want +got):\n%s", diff)
		}
	})

	t.Run("a provider that is away is waited for, and told", func(t *testing.T) {
		t.Parallel()
		_, p, c := setUp(t, time.Hour, "S3CRET")
		p.Fail(http.StatusBadGateway, "")
		c.sleep = func(context.Context, time.Duration) error {
			if err := c.Health(); err == nil || !strings.Contains(err.Error(), p.TokenURL()+": it answers 502") {
				t.Errorf("health says %v", err)
			}
			p.Fail(0, "")
			time.Sleep(1100 * time.Millisecond) // the source rests for a second
			return nil
		}
		if _, err := c.Ensure(t.Context(), testSchema); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("a secret that is wrong stops, and is not shown", func(t *testing.T) {
		t.Parallel()
		_, _, c := setUp(t, time.Hour, "S3CRET-that-is-wrong")
		_, err := c.Ensure(t.Context(), testSchema)
		if !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "check oidc.client_id and oidc.client_secret") || strings.Contains(err.Error(), "S3CRET") {
			t.Errorf("got %v", err)
		}
	})
}
