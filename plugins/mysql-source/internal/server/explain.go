package server

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Errors of the server that the library has no names for.
const (
	errNoSuchUser         = 1698 // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
	errPasswordExpired    = 1862 // ER_MUST_CHANGE_PASSWORD_LOGIN
	errAccountLocked      = 3118 // ER_ACCOUNT_HAS_BEEN_LOCKED
	errLockedMariaDB      = 4151 // the same there
	errTooManyFailures    = 3955 // ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK
	errTooManyFailuresMDB = 4150 // ER_USER_IS_BLOCKED
	errTransportNotSecure = 3159 // ER_SECURE_TRANSPORT_REQUIRED
	errInitConnect        = 1184 // ER_NEW_ABORTING_CONNECTION
)

// cure is what is to be done about an error of the server at login.
type cure struct {
	text string
	key  string // of the configuration
	// waits is for what may go away without anyone doing something.
	waits bool
}

// cures by the server's number; {user} is the user. A pipeline's source has up to
// seven connections at once.
var cures = map[uint16]cure{
	mysql.ER_ACCESS_DENIED_ERROR:       {"the server refuses user {user}: check user and password", "password", false},
	mysql.ER_NOT_SUPPORTED_AUTH_MODE:   {"the server refuses user {user}: check user and password", "password", false},
	errNoSuchUser:                      {"the server refuses user {user}: check user and password", "user", false},
	mysql.ER_HOST_NOT_PRIVILEGED:       {"no account of the server may log in from this machine's address: CREATE USER {user} for that host", "user", false},
	mysql.ER_HOST_IS_BLOCKED:           {"the server has blocked this machine's address: TRUNCATE TABLE performance_schema.host_cache there (FLUSH HOSTS on older servers)", "host", true},
	mysql.ER_MUST_CHANGE_PASSWORD:      {"the password of user {user} has expired: ALTER USER {user} IDENTIFIED BY a new one, with PASSWORD EXPIRE NEVER, and set password", "password", false},
	errPasswordExpired:                 {"the password of user {user} has expired: ALTER USER {user} IDENTIFIED BY a new one, with PASSWORD EXPIRE NEVER, and set password", "password", false},
	errAccountLocked:                   {"the account of user {user} is locked: ALTER USER {user} ACCOUNT UNLOCK", "user", false},
	errLockedMariaDB:                   {"the account of user {user} is locked: ALTER USER {user} ACCOUNT UNLOCK", "user", false},
	errTooManyFailures:                 {"the account of user {user} is locked after logins with a wrong password: check password, then ALTER USER {user} ACCOUNT UNLOCK", "password", false},
	errTooManyFailuresMDB:              {"the account of user {user} is blocked after logins with a wrong password: check password, then FLUSH PRIVILEGES", "password", false},
	errTransportNotSecure:              {"the server takes encrypted connections only (require_secure_transport): set tls.mode to something other than disabled", "tls.mode", false},
	errInitConnect:                     {"the server ends each new connection, as a statement of its init_connect fails: mend that variable, or the privileges of user {user} that it needs", "user", false},
	mysql.ER_USER_LIMIT_REACHED:        {"user {user} has used up a limit of its account: ALTER USER {user} WITH MAX_USER_CONNECTIONS 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_QUERIES_PER_HOUR 0, or with more than now; a pipeline has up to 7 connections at once", "user", true},
	mysql.ER_TOO_MANY_USER_CONNECTIONS: {"user {user} has too many connections: raise max_user_connections on the server, or ALTER USER {user} WITH MAX_USER_CONNECTIONS 7 or more; a pipeline has up to 7 at once", "user", true},
	mysql.ER_CON_COUNT_ERROR:           {"the server has no connection left: raise max_connections there, or end some", "host", true},
}

// unverifiedKey is the key to look at for a certificate that is not trusted.
func unverifiedKey(err error) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "tls.server_name"
	}
	return "tls.ca"
}

// explain names the cure where there is a usual one. What a new password or
// certificate in a file would mend is neither permanent nor transient: it is tried
// again, but not for ever.
func (s *Settings) explain(err error) error {
	var my *mysql.MyError
	var dns *net.DNSError
	var unverified *tls.CertificateVerificationError
	where := "connect to MySQL at " + s.Address()
	switch {
	case !sdk.IsTransient(err):
		return fmt.Errorf("%s: %w", where, err)
	case errors.Is(err, errNeedsTLS):
		return sdk.Permanent(keyed{fmt.Errorf("%s: %w", where, err), "tls.mode"})
	case errors.As(err, &my):
		return s.cure(where, my)
	case errors.As(err, &dns) && dns.IsNotFound:
		return sdk.Transient(fmt.Errorf("%s: host %q is not known: check host, and the name service of this machine", where, s.Host))
	case errors.As(err, &unverified):
		err := keyed{fmt.Errorf("%s: the server's certificate is not trusted: %w: %s", where, unverified.Err, tlsconfig.Cure("tls", err)), unverifiedKey(err)}
		if s.TLS.Changing() {
			return err
		}
		return sdk.Permanent(err)
	case strings.Contains(err.Error(), "does not support TLS"):
		return sdk.Permanent(keyed{fmt.Errorf("%s: the server offers no TLS: set it up there, or set tls.mode to disabled", where), "tls.mode"})
	}
	return sdk.Transient(fmt.Errorf("%s: %w", where, err))
}

func (s *Settings) cure(where string, my *mysql.MyError) error {
	c, known := cures[my.Code]
	if !known {
		return sdk.Transient(fmt.Errorf("%s: %w", where, my))
	}
	text := strings.ReplaceAll(c.text, "{user}", strconv.Quote(s.User.Shown()))
	refused := strings.HasSuffix(text, "user and password")
	if refused {
		text += s.orTLS()
	}
	err := keyed{fmt.Errorf("%s: %s: %w", where, text, my), c.key}
	switch {
	case c.waits:
		return sdk.Transient(err)
	case refused && (s.Password.FromFile() || s.User.FromFile()):
		return err // the file may be about to be replaced
	}
	return sdk.Permanent(err)
}

// orTLS names the other reason for which a server refuses a right password, where it
// is not known: it does not tell the two apart.
func (s *Settings) orTLS() string {
	if !s.TLS.Cert.IsZero() {
		return ""
	}
	if !s.TLS.Enabled() && !s.local() {
		return "; if they are right, the account may have to log in over TLS (REQUIRE SSL): set tls.mode to verify_identity, and tls.cert and tls.key if it has to show a certificate (REQUIRE X509)"
	}
	return "; if they are right, the account may have to show a certificate (REQUIRE X509): set tls.cert and tls.key"
}

// Refused says whether an error means that the user lacks a privilege, or that
// the service does not let anyone do it.
func Refused(err error) bool {
	var my *mysql.MyError
	if !errors.As(err, &my) {
		return false
	}
	switch my.Code {
	case mysql.ER_ACCESS_DENIED_ERROR, mysql.ER_SPECIFIC_ACCESS_DENIED_ERROR, mysql.ER_DBACCESS_DENIED_ERROR,
		mysql.ER_TABLEACCESS_DENIED_ERROR, mysql.ER_COLUMNACCESS_DENIED_ERROR:
		return true
	}
	return false
}

// Marked says of an error of a statement whether it goes away by itself: one that
// is not the server's answer does, as the connection is lost; that a privilege is
// missing does not, and has the cure named.
func Marked(err error) error {
	switch {
	case err == nil:
		return nil
	case Refused(err):
		return sdk.Permanent(fmt.Errorf("%w: grant the user that privilege, or if it has it by a role that is not active: SET DEFAULT ROLE ALL TO the user (SET DEFAULT ROLE … FOR the user on MariaDB)", err))
	case !Answered(err):
		return sdk.Transient(err)
	}
	return err
}
