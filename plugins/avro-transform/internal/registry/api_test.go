package registry

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	"github.com/leat-io/leat/sdk/config"
)

func TestFailover(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	r := registrytest.New(t)
	c, slept := newTestClient(t, io.Discard, nil, gone.URL, r.URL)
	if id, err := c.Ensure(t.Context(), testSchema); id != 1 || err != nil {
		t.Fatal(id, err)
	}
	if len(*slept) != 0 || c.api.current.Load() != 1 {
		t.Errorf("waited %v, current node %d", *slept, c.api.current.Load())
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint Endpoint
		want     string
	}{
		"none":  {Endpoint{}, ""},
		"basic": {Endpoint{User: config.NewText("u"), Password: config.NewSecret("p")}, "Basic dTpw"},
		"token": {Endpoint{Token: config.NewSecret("t")}, "Bearer t"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			got := make(chan string, 1)
			r.Override(func(_ http.ResponseWriter, req *http.Request) bool {
				got <- req.Header.Get("Authorization")
				return false
			})
			c, _ := newTestClient(t, io.Discard, func(s *Settings) {
				s.Endpoint.User, s.Endpoint.Password, s.Endpoint.Token = tt.endpoint.User, tt.endpoint.Password, tt.endpoint.Token
			}, r.URL)
			if err := c.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, <-got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProbes(t *testing.T) {
	t.Parallel()
	r := registrytest.New(t)
	c, _ := newTestClient(t, io.Discard, nil, r.URL)
	if level, err := c.Level(t.Context()); level != "BACKWARD" || err != nil {
		t.Error(level, err)
	}
	if mode, ok, err := c.Mode(t.Context()); mode != "READWRITE" || !ok || err != nil {
		t.Error(mode, ok, err)
	}
	r.Mode("")
	if mode, ok, err := c.Mode(t.Context()); mode != "" || ok || err != nil {
		t.Error(mode, ok, err)
	}
	r.Override(func(w http.ResponseWriter, _ *http.Request) bool {
		registrytest.Fail(w, 403, 40301, "no")
		return true
	})
	if err := c.Ping(t.Context()); !errors.Is(err, ErrDenied) {
		t.Error(err)
	}
	if _, err := c.Level(t.Context()); err == nil {
		t.Error("want an error")
	}
	if _, _, err := c.Mode(t.Context()); err == nil {
		t.Error("want an error")
	}
}

// TestRefusing finds the level that has refused a schema, and where it is lowered.
func TestRefusing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		own    string
		want   string
	}{
		"the subject's own":                                   {200, `{"compatibilityLevel":"FULL"}`, "FULL at /config/s"},
		"the registry's, for a subject without":               {404, `{"error_code":40408,"message":"none"}`, "BACKWARD at /config/s"},
		"the registry's, where NONE is none of the subject's": {200, `{"compatibilityLevel":"NONE"}`, "BACKWARD at /config"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			r.Override(func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Path != "/config/s" {
					return false
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.own)
				return true
			})
			c, _ := newTestClient(t, io.Discard, nil, r.URL)
			level, path := c.refusing(t.Context(), "s")
			if diff := cmp.Diff(tt.want, level+" at "+path); diff != "" {
				t.Error(diff)
			}
		})
	}
}
