package registry

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk/config"
)

// TestRedirectsAreNotFollowed has a registry that redirects, as from https to http
// on the same host, along which net/http takes credentials.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		asked := make(chan string, 10)
		plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("Authorization") }))
		t.Cleanup(plain.Close)
		r := registrytest.New(t)
		r.Override(func(w http.ResponseWriter, req *http.Request) bool {
			http.Redirect(w, req, plain.URL+req.URL.Path, status)
			return true
		})
		c, _ := newTestClient(t, io.Discard, func(s *Settings) { s.Endpoint.Token = config.NewSecret("S3CRET") }, r.URL)
		_, ensureErr := c.Ensure(t.Context(), testSchema)
		for _, err := range []error{ensureErr, c.Ping(t.Context())} {
			if err == nil || !strings.Contains(err.Error(), "it redirects to "+plain.URL) || !strings.Contains(err.Error(), "set registry.urls") {
				t.Errorf("%d: got %v", status, err)
			}
		}
		if len(asked) > 0 {
			t.Errorf("%d: the other server was asked with %q", status, <-asked)
		}
	}
}

// TestWhatARegistryRepeatsIsConcealed has answers that hold what was sent.
func TestWhatARegistryRepeatsIsConcealed(t *testing.T) {
	t.Parallel()
	logins := map[string]func(*Settings){
		"password": func(s *Settings) {
			s.Endpoint.User, s.Endpoint.Password = config.NewText("u"), config.NewSecret("S3CRET")
		},
		"token": func(s *Settings) { s.Endpoint.Token = config.NewSecret("S3CRET") },
	}
	for name, login := range logins {
		for _, answer := range []string{`{"error_code":401,"message":"%s, %s: no"}`, `<html>%s, %s: no</html>`} {
			for _, status := range []int{http.StatusOK, http.StatusUnauthorized} {
				r := registrytest.New(t)
				r.Override(func(w http.ResponseWriter, req *http.Request) bool {
					_, password, _ := req.BasicAuth()
					w.WriteHeader(status)
					_, _ = fmt.Fprintf(w, answer, password, req.Header.Get("Authorization"))
					return true
				})
				c, _ := newTestClient(t, io.Discard, login, r.URL)
				_, err := c.Ensure(t.Context(), testSchema)
				if err == nil {
					t.Fatalf("%s, %d: no error", name, status)
				}
				if strings.Contains(err.Error(), "S3CRET") || strings.Contains(err.Error(), "dTpTM0NSRVQ") {
					t.Errorf("%s, %d: %v", name, status, err)
				}
				if status != http.StatusOK && !strings.Contains(err.Error(), "***: no") {
					t.Errorf("%s, %d: the rest of the answer is gone from %v", name, status, err)
				}
			}
		}
	}
}
