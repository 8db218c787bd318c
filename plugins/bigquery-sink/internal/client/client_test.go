package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

func TestNew(t *testing.T) {
	t.Parallel()
	const account = `{"type":"service_account","project_id":"p","client_email":"a@p","token_uri":"http://127.0.0.1:1/token","private_key":"%s"}`
	file := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(file, []byte(`{"type":"service_account"`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("OK without authentication", func(t *testing.T) {
		t.Parallel()
		c, err := New(t.Context(), Settings{Project: "p", REST: "http://127.0.0.1:1", GRPC: "127.0.0.1:1", Insecure: true, Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, tt := range map[string]struct {
		settings Settings
		want     string
	}{
		"a file that is not there":     {Settings{File: "/no/key.json"}, "read credentials_file: open /no/key.json"},
		"a file that is no JSON":       {Settings{File: file}, "read credentials_file: is not a key of a service account"},
		"text without a type":          {Settings{JSON: config.NewSecret(`{"private_key":"SECRET"}`)}, "read credentials_json: is not a key of a service account"},
		"a type that is not known":     {Settings{JSON: config.NewSecret(`{"type":"x","private_key":"SECRET"}`)}, "make client of the REST API"},
		"a key that is not an RSA one": {Settings{JSON: config.NewSecret(strings.ReplaceAll(account, "%s", "SECRET"))}, "make client of the Storage Write API"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.settings.Project, tt.settings.Connections = "p", 1
			_, err := New(t.Context(), tt.settings)
			if err == nil || sdk.IsTransient(err) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a permanent error with %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "SECRET") {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}
