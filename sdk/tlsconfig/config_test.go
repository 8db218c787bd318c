package tlsconfig_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
	"github.com/leat-io/leat/sdk/tlsconfig/tlstest"
)

// block is a plugin's configuration with a tls block.
type block struct {
	TLS tlsconfig.Config `koanf:"tls" doc:"Encryption."`
}

func (b block) Validate() error {
	return config.At("tls", "", b.TLS.Validate(tlsconfig.Preferred))
}

// folder has files of certificates.
type folder string

func newFolder(t *testing.T) folder { return folder(t.TempDir()) }

func (f folder) path(name string) string { return filepath.Join(string(f), name) }

func (f folder) write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(f.path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return f.path(name)
}

func TestValidateNamesKeyAndCure(t *testing.T) {
	t.Parallel()
	dir, a := newFolder(t), tlstest.NewAuthority(t)
	cert, key := a.Issue(t, "leat")
	_, otherKey := a.Issue(t, "other")
	past := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	oldCert, oldKey := a.IssueUntil(t, "leat", past)
	gone, empty, noise := dir.path("gone.pem"), dir.write(t, "empty.pem", ""), dir.write(t, "noise.pem", "31337")
	ca, old := dir.write(t, "ca.pem", a.PEM), dir.write(t, "old.pem", tlstest.NewAuthorityUntil(t, past).PEM)
	tests := map[string]struct {
		give    map[string]string
		want    string // one problem; none if empty
		passing bool
	}{
		"disabled":                {map[string]string{"mode": "disabled"}, "", false},
		"verified by the system":  {map[string]string{"mode": "verify_identity"}, "", false},
		"files and PEM":           {map[string]string{"mode": "verify_ca", "ca": ca, "cert": cert, "key": key}, "", false},
		"some valid authorities":  {map[string]string{"mode": "verify_ca", "ca": tlstest.NewAuthorityUntil(t, past).PEM + a.PEM}, "", false},
		"keys without effect":     {map[string]string{"mode": "disabled", "server_name": "h"}, "tls.mode: is disabled, but there are other keys (set it to verify_identity, or remove the other keys)", false},
		"an authority unused":     {map[string]string{"mode": "required", "ca": ca}, "tls.ca: is not used by mode required, which takes any certificate of the server (set mode to verify_identity or verify_ca, or remove it)", false},
		"a mode for others":       {map[string]string{"mode": "preferred"}, "tls.mode: is preferred, which does not serve here (use verify_identity)", false},
		"a missing authority":     {map[string]string{"mode": "verify_ca", "ca": gone}, "tls.ca: " + gone + " cannot be read: no such file or directory (make the file readable to the user that leat runs as; name a PEM file, or write PEM)", true},
		"an empty authority":      {map[string]string{"mode": "verify_ca", "ca": empty}, "tls.ca: " + empty + " has no certificate in PEM form (name a PEM file, or write PEM)", true},
		"no authority":            {map[string]string{"mode": "verify_ca", "ca": noise}, "tls.ca: " + noise + " has no certificate in PEM form (name a PEM file, or write PEM)", true},
		"an authority half there": {map[string]string{"mode": "verify_ca", "ca": "-----BEGIN CERTIFICATE-----\nMII"}, "tls.ca: has no certificate in PEM form (name a PEM file, or write PEM)", true},
		"an old authority":        {map[string]string{"mode": "verify_ca", "ca": old}, "tls.ca: " + old + " has expired on 2024-05-06 07:08:09 UTC (set it to authorities that are valid)", true},
		"a certificate alone":     {map[string]string{"mode": "required", "cert": cert}, "tls.cert: is given without the other of cert and key (set both cert and key, or neither)", true},
		"a key alone":             {map[string]string{"mode": "required", "key": key}, "tls.key: is given without the other of cert and key (set both cert and key, or neither)", true},
		"a missing certificate":   {map[string]string{"mode": "required", "cert": gone, "key": key}, "tls.cert: " + gone + " cannot be read: no such file", true},
		"an empty certificate":    {map[string]string{"mode": "required", "cert": empty, "key": key}, "tls.cert: " + empty + " has no certificate", true},
		"a missing key":           {map[string]string{"mode": "required", "cert": cert, "key": gone}, "tls.key: " + gone + " cannot be read: no such file", true},
		"a key that is no path":   {map[string]string{"mode": "required", "cert": cert, "key": "31337"}, "tls.key: is neither PEM nor the path of a file that can be read: no such file", true},
		"a file without a key":    {map[string]string{"mode": "required", "cert": cert, "key": noise}, "tls.key: " + noise + " has no private key in PEM form", true},
		"another's key":           {map[string]string{"mode": "required", "cert": cert, "key": otherKey}, "tls.key: does not fit cert: tls: private key does not match public key (give the key that the certificate was made with, without a passphrase)", true},
		"a certificate for a key": {map[string]string{"mode": "required", "cert": cert, "key": cert}, "tls.key: has no private key", true},
		"an old certificate":      {map[string]string{"mode": "required", "cert": dir.write(t, "c.pem", oldCert), "key": oldKey}, "tls.cert: " + dir.path("c.pem") + " has expired on 2024-05-06 07:08:09 UTC (renew it)", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := json.Marshal(map[string]any{"tls": tt.give})
			if err != nil {
				t.Fatal(err)
			}
			problems := config.Decode(raw, &block{})
			if tt.want == "" {
				if len(problems) > 0 {
					t.Error(problems)
				}
				return
			}
			if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), tt.want) || problems[0].Passing != tt.passing {
				t.Fatalf("got %v, passing %v, want %q", problems, len(problems) > 0 && problems[0].Passing, tt.want)
			}
			if strings.Contains(problems[0].String(), "31337") {
				t.Error("shows what may be a key")
			}
		})
	}
}

func TestZeroIsDisabled(t *testing.T) {
	t.Parallel()
	if c, err := (tlsconfig.Config{}).Client("h"); c != nil || err != nil {
		t.Errorf("got %v, %v", c, err)
	}
}
