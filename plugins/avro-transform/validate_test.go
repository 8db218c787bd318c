package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/avro-transform/internal/registrytest"
	leatv1 "github.com/leat-io/leat/sdk/proto/leat/v1"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	const (
		ok      = "SEVERITY_OK"
		warning = "SEVERITY_WARNING"
		fault   = "SEVERITY_ERROR"
	)
	deny := func(path string, status int) func(*registrytest.Server) {
		return func(r *registrytest.Server) {
			r.Override(func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Path == path {
					registrytest.Fail(w, status, status, "no")
				}
				return req.URL.Path == path
			})
		}
	}
	tests := map[string]struct {
		prepare func(*registrytest.Server)
		want    map[string]string
	}{
		"OK": {func(*registrytest.Server) {}, map[string]string{"registry": ok, "registry_mode": ok, "registry_compatibility": ok}},
		"a registry that checks nothing": {
			func(r *registrytest.Server) { r.Level("NONE") },
			map[string]string{"registry": ok, "registry_mode": ok, "registry_compatibility": warning},
		},
		"a registry that takes nothing": {
			func(r *registrytest.Server) { r.Mode("READONLY") },
			map[string]string{"registry": ok, "registry_mode": fault, "registry_compatibility": ok},
		},
		"a registry without modes": {
			func(r *registrytest.Server) { r.Mode("") },
			map[string]string{"registry": ok, "registry_mode": ok, "registry_compatibility": ok},
		},
		"wrong credentials":     {deny("/subjects", 401), map[string]string{"registry": fault}},
		"a registry that fails": {deny("/subjects", 500), map[string]string{"registry": fault}},
		"a secret mode":         {deny("/mode", 403), map[string]string{"registry": ok, "registry_mode": warning, "registry_compatibility": ok}},
		"a secret level":        {deny("/config", 403), map[string]string{"registry": ok, "registry_mode": ok, "registry_compatibility": warning}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registrytest.New(t)
			tt.prepare(r)
			if diff := cmp.Diff(tt.want, validate(t, r.URL)); diff != "" {
				t.Error(diff)
			}
			for _, req := range r.Requests() {
				if req[:3] != "GET" {
					t.Errorf("validation sent %s", req)
				}
			}
		})
	}
	t.Run("no registry", func(t *testing.T) {
		t.Parallel()
		gone := httptest.NewServer(http.NotFoundHandler())
		gone.Close()
		if diff := cmp.Diff(map[string]string{"registry": fault}, validate(t, gone.URL)); diff != "" {
			t.Error(diff)
		}
	})
}

// validate returns the severities by check, and makes sure that what is not OK
// comes with a cure.
func validate(t *testing.T, url string) map[string]string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"topic_prefix": "p", "registry": map[string]any{"urls": []string{url}}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := newPlugin().Server().Validate(t.Context(), &leatv1.ValidateRequest{Config: raw, Live: true})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range res.GetFindings() {
		got[f.GetCheck()] = f.GetSeverity().String()
		if f.GetMessage() == "" || (f.GetSeverity() != leatv1.Severity_SEVERITY_OK && f.GetCure() == "") {
			t.Errorf("finding without a message or cure: %v", f)
		}
	}
	return got
}
