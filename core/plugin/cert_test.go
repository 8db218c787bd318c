package plugin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"

	"github.com/leat-io/leat/sdk/handshake"
)

// The plugin of the test, which go-plugin serves, accepts the certificate.
func TestTheHostsCertificateIsOnACurveThatAllLibrariesServe(t *testing.T) {
	t.Parallel()
	p := start(t, &log{})
	file := filepath.Join(t.TempDir(), "cert")
	opened, err := p.Open(t.Context(), Open{Config: fmt.Appendf(nil, `{"cert_to":%q}`, file)})
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Conn.Close()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		t.Fatalf("the plugin has got %q", raw)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := cert.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		t.Errorf("the key is %T", cert.PublicKey)
	}
	if err := cert.VerifyHostname("localhost"); err != nil {
		t.Error(err)
	}
}

// A host that has another certificate is not served, nor trusts this host another
// plugin's.
func TestOnlyTheHostIsServed(t *testing.T) {
	t.Parallel()
	p := start(t, &log{})
	other, _, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	_, pem, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	other.RootCAs.AppendCertsFromPEM([]byte(pem))
	for name, change := range map[string]func(c *goplugin.ClientConfig){
		"another certificate": func(c *goplugin.ClientConfig) { c.TLSConfig = other },
		"no certificate":      func(c *goplugin.ClientConfig) { c.TLSConfig = nil },
	} {
		config := &goplugin.ClientConfig{
			HandshakeConfig: handshake.Config, Plugins: handshake.Plugins(nil)[handshake.Version],
			AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC}, Reattach: p.client.ReattachConfig(),
		}
		config.Reattach.Test = true // it is not to be ended
		change(config)
		client := goplugin.NewClient(config)
		rpc, err := client.Client()
		if err == nil {
			err = rpc.Ping()
			_ = rpc.Close() // it served its purpose
		}
		if err == nil {
			t.Errorf("%s is served", name)
		}
	}
	if _, err := p.Describe(t.Context()); err != nil {
		t.Error(err)
	}
}
