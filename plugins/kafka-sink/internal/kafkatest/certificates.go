package kafkatest

import (
	"testing"

	"github.com/leat-io/leat/sdk/tlsconfig/tlstest"
)

// Authority signs certificates for a test.
type Authority = tlstest.Authority

// NewAuthority makes an authority.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	return tlstest.NewAuthority(t)
}
