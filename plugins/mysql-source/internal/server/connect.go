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
	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/sdk"
)

// Settings say how to reach a server and who we are there.
type Settings struct {
	// Host is a name, an address, or the path of a unix socket.
	Host           string
	Port           int
	User, Password string
	// TLS is nil where it is not to be used.
	TLS *tls.Config
	// Optional falls back to a plain connection where the server has no TLS.
	Optional bool
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
	c, err := s.connect(ctx, s.TLS)
	if err != nil && s.Optional && s.TLS != nil && strings.Contains(err.Error(), "does not support TLS") {
		c, err = s.connect(ctx, nil)
	}
	if err != nil {
		return nil, s.explain(err)
	}
	return c, nil
}

func (s *Settings) connect(ctx context.Context, config *tls.Config) (*Conn, error) {
	var raw net.Conn
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
		return conn, err
	}
	c, err := client.ConnectWithDialer(ctx, "", s.Address(), s.User, s.Password, "", dial, func(c *client.Conn) error {
		c.SetTLSConfig(config)
		c.SetAttributes(map[string]string{"program_name": "leat"})
		return nil
	})
	if err != nil {
		if raw != nil {
			_ = raw.Close()
		}
		return nil, err
	}
	return &Conn{c, raw}, raw.SetDeadline(time.Time{})
}

// explain names the cure where there is a usual one.
func (s *Settings) explain(err error) error {
	var my *mysql.MyError
	var dns *net.DNSError
	var unverified *tls.CertificateVerificationError
	where := "connect to MySQL at " + s.Address()
	switch {
	case errors.As(err, &my) && (my.Code == mysql.ER_ACCESS_DENIED_ERROR || my.Code == mysql.ER_NOT_SUPPORTED_AUTH_MODE || my.Code == errNoSuchUser):
		return sdk.Permanent(fmt.Errorf("%s: the server refuses user %q: %s: check user and password", where, s.User, my.Message))
	case errors.As(err, &dns) && dns.IsNotFound:
		return sdk.Transient(fmt.Errorf("%s: host %q is not known: check host, and the name service of this machine", where, s.Host))
	case errors.As(err, &unverified):
		return sdk.Permanent(fmt.Errorf("%s: the server's certificate is not trusted: %w: set tls.ca_file to the authority that signed it, or choose another tls.mode", where, unverified.Err))
	case strings.Contains(err.Error(), "does not support TLS"):
		return sdk.Permanent(fmt.Errorf("%s: the server offers no TLS: set it up there, or set tls.mode to disabled", where))
	}
	return sdk.Transient(fmt.Errorf("%s: %w", where, err))
}

// errNoSuchUser is ER_ACCESS_DENIED_NO_PASSWORD_ERROR.
const errNoSuchUser = 1698

// Do runs a statement that has no result.
func (c *Conn) Do(statements ...string) error {
	for _, s := range statements {
		if _, err := c.Execute(s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// Ask returns the rows of a query as text; NULL is the empty string.
func (c *Conn) Ask(query string) ([][]string, error) {
	r, err := c.Execute(query)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
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

// Refused says whether an error means that the user lacks a privilege, or that
// the service does not let anyone do it.
func Refused(err error) bool {
	var my *mysql.MyError
	if !errors.As(err, &my) {
		return false
	}
	switch my.Code {
	case mysql.ER_ACCESS_DENIED_ERROR, mysql.ER_SPECIFIC_ACCESS_DENIED_ERROR, mysql.ER_DBACCESS_DENIED_ERROR, mysql.ER_TABLEACCESS_DENIED_ERROR:
		return true
	}
	return false
}

// Quote writes an identifier.
func Quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// Literal writes a string.
func Literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// Session makes answers independent of the server's and the user's settings. The
// last one shows invisible primary keys that the server has generated: the log
// has them. MariaDB and MySQL before 8.0.30 skip what stands in the comment.
var Session = []string{
	"SET NAMES utf8mb4", "SET SESSION sql_mode=''", "SET SESSION time_zone='+00:00'",
	"SET SESSION sql_quote_show_create=1 /*!80030 , SESSION show_gipk_in_create_table_and_information_schema=ON */",
}
