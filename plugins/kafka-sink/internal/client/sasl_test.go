package client

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestTokenIsReadForEachLogin(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	provider := token{config.SecretFile("sasl.token", file)}
	if _, err := provider.Token(); err == nil || !strings.Contains(err.Error(), "read sasl.token: "+file) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"first", "second"} {
		if err := os.WriteFile(file, []byte(want+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := provider.Token(); err != nil || got.Token != want {
			t.Errorf("got %v, %v, want %s", got, err, want)
		}
	}
}

// TestSecureDialerKeepsSecretsFromTheNetwork is about brokers that others name.
func TestSecureDialerKeepsSecretsFromTheNetwork(t *testing.T) {
	t.Parallel()
	const elsewhere = "192.0.2.1:9" // an address of documentation, which nobody has
	tests := map[string]struct {
		settings Settings
		address  string
		refused  bool
	}{
		"a password":                 {Settings{SASL: SASL{Mechanism: "PLAIN"}}, elsewhere, true},
		"a token":                    {Settings{SASL: SASL{Mechanism: "OAUTHBEARER"}}, elsewhere, true},
		"a password, as allowed":     {Settings{SASL: SASL{Mechanism: "PLAIN", AllowPlaintext: true}}, elsewhere, false},
		"a password over TLS":        {Settings{SASL: SASL{Mechanism: "PLAIN"}, TLS: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity}}, elsewhere, false},
		"a password on this machine": {Settings{SASL: SASL{Mechanism: "PLAIN"}}, "127.0.0.1:1", false},
		"SCRAM":                      {Settings{SASL: SASL{Mechanism: "SCRAM-SHA-256"}}, elsewhere, false},
		"no login":                   {Settings{}, elsewhere, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.settings.DialTimeout = 50 * time.Millisecond
			d := &secureDialer{dialer: newDialer(tt.settings.DialTimeout), settings: &tt.settings}
			_, err := d.Dial("tcp", tt.address)
			if err == nil {
				t.Fatal("somebody answers")
			}
			if refused := !sdk.IsTransient(err) && strings.Contains(err.Error(), "sasl.allow_plaintext"); refused != tt.refused {
				t.Errorf("got %v", err)
			}
		})
	}
}
