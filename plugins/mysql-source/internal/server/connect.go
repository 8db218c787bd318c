package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Settings say how to reach a server and who we are there.
type Settings struct {
	// Host is a name, an address, or the path of a unix socket.
	Host string
	Port int
	// User, Password and the files of TLS are read again for each connection.
	User     config.Text
	Password config.Secret
	TLS      tlsconfig.Config
	// Timeout of reaching the server and logging in.
	Timeout time.Duration
}

// Conn is a connection that speaks SQL. It is not safe for concurrent use.
type Conn struct {
	*client.Conn
	raw net.Conn
}

// Bind ends whatever the connection does when ctx ends, until stop is called.
func (c *Conn) Bind(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.raw.Close() }) // the library's Close may not run beside a read
}

// Address is the server's, as messages show it.
func (s *Settings) Address() string {
	if strings.HasPrefix(s.Host, "/") {
		return s.Host
	}
	return net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// Connect logs in. Errors say what to do; those that will not go away by
// themselves are permanent.
func (s *Settings) Connect(ctx context.Context) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	secure, err := s.TLS.Client(s.Host)
	if err != nil {
		return nil, s.explain(err)
	}
	c, err := s.connect(ctx, secure)
	if err != nil && s.TLS.Mode == tlsconfig.Preferred && strings.Contains(err.Error(), "does not support TLS") {
		c, err = s.connect(ctx, nil)
	}
	if err != nil {
		return nil, s.explain(s.overTLS(ctx, err))
	}
	return c, nil
}

func (s *Settings) connect(ctx context.Context, secure *tls.Config) (*Conn, error) {
	user, err := s.User.Read()
	if err != nil {
		return nil, err
	}
	password, err := s.Password.Reveal()
	if err != nil {
		return nil, err
	}
	var raw net.Conn
	guard := &loginGuard{}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		raw = conn
		if deadline, ok := ctx.Deadline(); ok { // the library's login knows no context
			err = conn.SetDeadline(deadline)
		}
		if secure == nil && !s.local() {
			guard.Conn = conn
			return guard, err
		}
		return conn, err
	}
	c, err := login(ctx, s.Address(), user, password, secure, dial)
	if err != nil {
		if raw != nil {
			_ = raw.Close()
		}
		if guard.tripped.Load() {
			return nil, sdk.Permanent(errCleartext)
		}
		return nil, err
	}
	guard.done()
	conn := &Conn{c, raw}
	if err := conn.prepare(); err != nil {
		_ = raw.Close()
		return nil, err
	}
	return conn, raw.SetDeadline(time.Time{})
}

var errMalformed = errors.New("the server's answer to the login cannot be read: check that host and port are those of MySQL, and that nothing on the network changes what it sends")

// login has the library log in, which panics on some answers that no server gives.
func login(ctx context.Context, address, user, password string, secure *tls.Config, dial client.Dialer) (c *client.Conn, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, fmt.Errorf("%w: %v", errMalformed, p)
		}
	}()
	return client.ConnectWithDialer(ctx, "", address, user, password, "", dial, func(c *client.Conn) error {
		c.SetTLSConfig(secure)
		c.SetAttributes(map[string]string{"program_name": "leat"})
		return nil
	})
}

// Do runs a statement that has no result.
func (c *Conn) Do(statements ...string) error {
	for _, s := range statements {
		if _, err := c.Execute(s); err != nil {
			return Marked(fmt.Errorf("%s: %w", s, err))
		}
	}
	return nil
}

// Ask returns the rows of a query as text; NULL is the empty string.
func (c *Conn) Ask(query string) ([][]string, error) {
	r, err := c.Execute(query)
	if err != nil {
		return nil, Marked(fmt.Errorf("%s: %w", query, err))
	}
	defer r.Close()
	out := make([][]string, r.RowNumber())
	for i := range out {
		out[i] = make([]string, r.ColumnNumber())
		for j := range out[i] {
			text, err := r.GetString(i, j)
			if err != nil {
				return nil, fmt.Errorf("%s: column %d: %w", query, j, err)
			}
			out[i][j] = strings.Clone(text) // it lies in memory that the result gives back
		}
	}
	return out, nil
}

// Value returns the only value of a query, the empty string if it has no row.
func (c *Conn) Value(query string) (string, error) {
	rows, err := c.Ask(query)
	if err != nil || len(rows) == 0 || len(rows[0]) == 0 {
		return "", err
	}
	return rows[0][0], nil
}

// Quote writes an identifier.
func Quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// Literal writes a string.
func Literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
