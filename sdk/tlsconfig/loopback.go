package tlsconfig

import (
	"net/netip"
	"strings"
)

// Loopback says whether what is sent to a host stays on this machine: whether it
// is localhost or an address of the loopback interface.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
