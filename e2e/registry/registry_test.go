package registry_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/leat-io/leat/e2e/registry"
)

func start(t *testing.T) *registry.Server {
	t.Helper()
	s, err := registry.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func call(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return resp.StatusCode, out
}

func schema(fields string) string {
	return fmt.Sprintf(`{"schema":%q}`, `{"type":"record","name":"R","fields":[`+fields+`]}`)
}

const (
	one      = `{"name":"a","type":"int"}`
	optional = one + `,{"name":"b","type":["null","int"],"default":null}`
	required = one + `,{"name":"b","type":"int"}`
)

func TestRegister(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		level        string
		first, then  string
		want         int
		wantCheckYes bool
	}{
		"OK":                                {"BACKWARD", one, optional, 200, true},
		"BACKWARD refuses a required field": {"BACKWARD", one, required, 409, false},
		"BACKWARD takes a dropped field":    {"BACKWARD", required, one, 200, true},
		"FORWARD refuses a dropped field":   {"FORWARD", required, one, 409, false},
		"FULL refuses both ways":            {"FULL", one, required, 409, false},
		"NONE takes anything":               {"NONE", one, required, 200, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			call(t, "PUT", s.URL+"/config", `{"compatibility":"`+tt.level+`"}`)
			if code, out := call(t, "POST", s.URL+"/subjects/x/versions", schema(tt.first)); code != 200 {
				t.Fatalf("first version: %d %v", code, out)
			}
			_, check := call(t, "POST", s.URL+"/compatibility/subjects/x/versions/latest", schema(tt.then))
			if check["is_compatible"] != tt.wantCheckYes {
				t.Errorf("check: %v", check)
			}
			if code, out := call(t, "POST", s.URL+"/subjects/x/versions", schema(tt.then)); code != tt.want {
				t.Errorf("register: %d %v, want %d", code, out, tt.want)
			}
		})
	}
}

func TestRegisterErrors(t *testing.T) {
	t.Parallel()
	t.Run("a schema that is none", func(t *testing.T) {
		t.Parallel()
		code, _ := call(t, "POST", start(t).URL+"/subjects/x/versions", `{"schema":"{\"type\":\"rec"}`)
		if code != 422 {
			t.Errorf("got %d, want 422", code)
		}
	})
	t.Run("an older version counts under a transitive level", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		call(t, "PUT", s.URL+"/config", `{"compatibility":"BACKWARD_TRANSITIVE"}`)
		for _, fields := range []string{one, optional} {
			call(t, "POST", s.URL+"/subjects/x/versions", schema(fields))
		}
		// It can read the second version, but not the first.
		code, out := call(t, "POST", s.URL+"/subjects/x/versions", schema(one+`,{"name":"b","type":["int","null"]}`))
		if code != 409 {
			t.Errorf("got %d %v, want 409", code, out)
		}
	})
}
