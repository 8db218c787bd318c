//go:build e2e

package registry

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/e2e/servers"
)

func startRegistry(t *testing.T) *servers.RegistryServer {
	t.Helper()
	server, err := servers.Registry(t.Context(), servers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop the registry: %v", err)
		}
	})
	return server
}

// ask does what a cure says over HTTP.
func ask(t *testing.T, method, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); res.StatusCode/100 != 2 {
		t.Fatalf("%s %s answers %d: %s", method, url, res.StatusCode, b)
	}
}

func record(fields string) []byte {
	return []byte(`{"type":"record","name":"Value","namespace":"p.a.b","fields":[` + fields + `]}`)
}

// TestCures follows what each error says is to be done on a real registry, after
// which the same schema gets its id.
func TestCures(t *testing.T) {
	server := startRegistry(t)
	ensure := func(t *testing.T, register bool, url, subject string, avro []byte) error {
		t.Helper()
		c, _ := newTestClient(t, io.Discard, func(s *Settings) { s.Register = register }, url)
		_, err := c.Ensure(t.Context(), Schema{Subject: subject, Table: "a.b", Avro: avro})
		return err
	}
	mustSay := func(t *testing.T, err, kind error, parts ...string) {
		t.Helper()
		if !errors.Is(err, kind) {
			t.Fatalf("got %v, want %v", err, kind)
		}
		for _, part := range parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("error lacks %q: %v", part, err)
			}
		}
	}

	t.Run("a schema that is incompatible", func(t *testing.T) {
		const subject = "p.a/b-value"
		wider := record(`{"name":"id","type":"long"},{"name":"n","type":"string"}`)
		if err := ensure(t, true, server.URL, subject, record(`{"name":"id","type":"long"}`)); err != nil {
			t.Fatal(err)
		}
		err := ensure(t, true, server.URL, subject, wider)
		mustSay(t, err, ErrIncompatible, "the compatibility level is BACKWARD", "restart the pipeline")
		cure := regexp.MustCompile(`PUT (/config\S*) with (\{.*?\})`).FindStringSubmatch(err.Error())
		if cure == nil {
			t.Fatalf("no cure to follow in %v", err)
		}
		ask(t, http.MethodPut, server.URL+cure[1], cure[2])
		if err := ensure(t, true, server.URL, subject, wider); err != nil {
			t.Errorf("after the cure: %v", err)
		}
		withDefault := record(`{"name":"id","type":"long"},{"name":"n","type":"string"},{"name":"m","type":"long","default":1}`)
		ask(t, http.MethodPut, server.URL+cure[1], `{"compatibility":"BACKWARD"}`)
		if err := ensure(t, true, server.URL, subject, withDefault); err != nil {
			t.Errorf("a new column with a default, once the level is set back: %v", err)
		}
	})

	t.Run("a schema that is not there where none may be registered", func(t *testing.T) {
		avro := record(`{"name":"id","type":"int"}`)
		err := ensure(t, false, server.URL, "by.hand-value", avro)
		mustSay(t, err, ErrUnregistered, "register it there", "registry.auto_register: true")
		if err := ensure(t, true, server.URL, "by.hand-value", avro); err != nil {
			t.Fatal(err)
		}
		if err := ensure(t, false, server.URL, "by.hand-value", avro); err != nil {
			t.Errorf("after the cure: %v", err)
		}
	})

	t.Run("a URL without the API's path", func(t *testing.T) {
		root, path, found := strings.Cut(server.URL, "/apis/")
		if !found {
			t.Fatalf("the registry at %s serves the API at its root: unset LEAT_E2E_REGISTRY to have one started that does not", server.URL)
		}
		err := ensure(t, true, root, "url-value", record(`{"name":"id","type":"int"}`))
		mustSay(t, err, ErrUnexpected, "/apis/ccompat/v7")
		if err := ensure(t, true, root+"/apis/ccompat/v7", "url-value", record(`{"name":"id","type":"int"}`)); err != nil {
			t.Errorf("after the cure (this one has /apis/%s): %v", path, err)
		}
	})

	t.Run("a name that the registry cannot read", func(t *testing.T) {
		avro := []byte(`{"type":"record","name":"Value","namespace":"p.1a","fields":[{"name":"id","type":"int"}]}`)
		err := ensure(t, true, server.URL, "name-value", avro)
		mustSay(t, err, ErrInvalid, "schema_name_adjustment: auto")
		if err := ensure(t, true, server.URL, "name-value", []byte(strings.Replace(string(avro), "p.1a", "p._1a", 1))); err != nil {
			t.Errorf("under the name of avro_strict: %v", err)
		}
	})
}

// TestOutage stops a real registry while a schema is on its way.
func TestOutage(t *testing.T) {
	server := startRegistry(t)
	c, _ := newTestClient(t, io.Discard, nil, server.URL)
	c.sleep, c.now = sleep, time.Now
	if _, err := c.Ensure(t.Context(), Schema{Subject: "a-value", Table: "a.b", Avro: record(`{"name":"id","type":"int"}`)}); err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := c.Ensure(t.Context(), Schema{Subject: "b-value", Table: "a.b", Avro: record(`{"name":"id","type":"int"}`)})
		done <- err
	}()
	time.Sleep(20 * time.Second)
	err := c.Health()
	if err == nil || !strings.Contains(err.Error(), `subject "b-value"`) || !strings.Contains(err.Error(), "connection refused") || !strings.Contains(err.Error(), "since 20") {
		t.Errorf("health says %v", err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	up := time.Now()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	took := time.Since(up)
	t.Logf("it took %v", took)
	if took > 5*time.Second {
		t.Errorf("it took %v once the registry was up", took)
	}
	if err := c.Health(); err != nil {
		t.Errorf("health says %v afterwards", err)
	}
}
