package server

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync/atomic"

	"github.com/leat-io/leat/sdk/tlsconfig"
)

// clearPassword is the authentication by which a server, or somebody in its place,
// is sent the password as it is. The library would send it over any connection.
const clearPassword = "mysql_clear_password"

var errCleartext = errors.New("the server asks for the password in clear text (" + clearPassword +
	"), which others on the network could read: set tls.mode to verify_identity")

// loginGuard is a connection without TLS that ends when the server asks for the
// password in clear text, until the login is done.
type loginGuard struct {
	net.Conn
	seen    []byte
	tripped atomic.Bool
	off     atomic.Bool
}

func (g *loginGuard) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	if g.off.Load() {
		return n, err
	}
	g.seen = append(g.seen, b[:n]...)
	if bytes.Contains(g.seen, []byte(clearPassword)) {
		g.tripped.Store(true)
		return 0, errCleartext
	}
	return n, err
}

// done ends the watch.
func (g *loginGuard) done() { g.off.Store(true) }

// local says whether what is sent to the server stays on this machine.
func (s *Settings) local() bool {
	return strings.HasPrefix(s.Host, "/") || tlsconfig.Loopback(s.Host)
}
