package tlsconfig_test

import (
	"testing"

	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost": true, "127.0.0.1": true, "127.255.0.9": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "db1": false, "localhost.example.org": false, "128.0.0.1": false, "127.0.0.1.example.org": false,
		"0.0.0.0": false, "::": false, "10.0.0.1": false, "fe80::1": false,
	} {
		if got := tlsconfig.Loopback(host); got != want {
			t.Errorf("%q: got %v", host, got)
		}
	}
}
