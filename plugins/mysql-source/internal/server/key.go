package server

import (
	"context"
	"crypto/tls"
	"errors"

	"github.com/go-mysql-org/go-mysql/mysql"
)

// keyed is an error that a key of the configuration, or what it names, is to blame for.
type keyed struct {
	error
	key string
}

func (k keyed) Unwrap() error { return k.error }

// Key returns the key of the configuration to look at for an error of Connect.
func Key(err error) string {
	var k keyed
	if errors.As(err, &k) {
		return k.key
	}
	return "host"
}

// errNeedsTLS is a login that the server takes over TLS only. It says the same of
// that as of a wrong password.
var errNeedsTLS = errors.New("the account has to log in over TLS (REQUIRE SSL): set tls.mode to something other than disabled")

// overTLS tells the two apart where TLS is not to be used, by a login over TLS. Such
// a server may ask for the password in clear text, so it is done on this machine
// alone: on a network somebody could have refused the login for that.
func (s *Settings) overTLS(ctx context.Context, err error) error {
	var my *mysql.MyError
	if s.TLS.Enabled() || !s.local() || !errors.As(err, &my) || my.Code != mysql.ER_ACCESS_DENIED_ERROR {
		return err
	}
	c, failed := s.connect(ctx, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}) //nolint:gosec // see above
	if failed != nil {
		return err
	}
	_ = c.Close()
	return errNeedsTLS
}
