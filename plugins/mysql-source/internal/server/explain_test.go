package server

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/go-mysql-org/go-mysql/mysql"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

func TestSettings_explain(t *testing.T) {
	t.Parallel()
	my := func(code uint16) error { return &mysql.MyError{Code: code, Message: "Access denied"} }
	tests := map[string]struct {
		err       error
		want      string
		transient bool
	}{
		"bad password":              {my(mysql.ER_ACCESS_DENIED_ERROR), `refuses user "u": check user and password`, false},
		"bad password, or no key":   {my(mysql.ER_ACCESS_DENIED_ERROR), "REQUIRE X509", false},
		"over TLS only":             {errNeedsTLS, "REQUIRE SSL", false},
		"host without an account":   {my(mysql.ER_HOST_NOT_PRIVILEGED), `CREATE USER "u" for that host`, false},
		"blocked host":              {my(mysql.ER_HOST_IS_BLOCKED), "TRUNCATE TABLE performance_schema.host_cache", true},
		"expired password":          {my(mysql.ER_MUST_CHANGE_PASSWORD), `ALTER USER "u" IDENTIFIED BY`, false},
		"expired password, refused": {my(errPasswordExpired), `ALTER USER "u" IDENTIFIED BY`, false},
		"locked account":            {my(errAccountLocked), "ACCOUNT UNLOCK", false},
		"locked after failures":     {my(errTooManyFailures), "ACCOUNT UNLOCK", false},
		"encrypted ones only":       {my(errTransportNotSecure), "tls.mode to something other than disabled", false},
		"init_connect":              {my(errInitConnect), "init_connect fails", false},
		"limit of the account":      {my(mysql.ER_USER_LIMIT_REACHED), "MAX_USER_CONNECTIONS", true},
		"limit of connections":      {my(mysql.ER_CON_COUNT_ERROR), "max_connections", true},
		"another of the server's":   {my(9999), "connect to MySQL at h:1: ERROR 9999", true},
		"no privilege":              {Marked(my(mysql.ER_SPECIFIC_ACCESS_DENIED_ERROR)), "SET DEFAULT ROLE", false},
		"unknown host":              {&net.DNSError{IsNotFound: true}, `host "h" is not known`, true},
		"certificate":               {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, "tls.ca", false},
		"no TLS":                    {errors.New("the MySQL Server does not support TLS required by the client"), "tls.mode to disabled", false},
		"anything else":             {errors.New("reset"), "connect to MySQL at h:1: reset", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Settings{Host: "h", Port: 1, User: config.NewText("u"), Password: config.NewSecret("hunter2")}
			err := s.explain(tt.err)
			if !strings.Contains(err.Error(), tt.want) || sdk.IsTransient(err) != tt.transient || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, transient %v", err, sdk.IsTransient(err))
			}
			if strings.Contains(err.Error(), "{user}") {
				t.Errorf("a place for the user's name is left over in %v", err)
			}
		})
	}
}

// TestSettings_explain_files is about what a file that is being replaced may mend:
// it is not waited for without end, and stops nothing at once.
func TestSettings_explain_files(t *testing.T) {
	t.Parallel()
	refused := &mysql.MyError{Code: mysql.ER_ACCESS_DENIED_ERROR}
	locked := &mysql.MyError{Code: errAccountLocked}
	unverified := &tls.CertificateVerificationError{Err: errors.New("unknown authority")}
	file := config.SecretFile("password", "/run/secrets/password")
	tests := map[string]struct {
		settings Settings
		err      error
		stops    bool
	}{
		"a password":                     {Settings{Password: config.NewSecret("p")}, refused, true},
		"a password of a file":           {Settings{Password: file}, refused, false},
		"a user of a file":               {Settings{User: config.TextFile("user", "/u"), Password: config.NewSecret("p")}, refused, false},
		"a password of a file, locked":   {Settings{Password: file}, locked, true},
		"authorities of the system":      {Settings{Password: file}, unverified, true},
		"authorities in place":           {Settings{TLS: tlsconfig.Config{CA: config.NewText("-----BEGIN CERTIFICATE-----")}}, unverified, true},
		"authorities in a file":          {Settings{TLS: tlsconfig.Config{CA: config.NewText("/ca.pem")}}, unverified, false},
		"authorities of a referred file": {Settings{TLS: tlsconfig.Config{CA: config.TextFile("tls.ca", "/ca.pem")}}, unverified, false},
	}
	for name, tt := range tests {
		if err := tt.settings.explain(tt.err); sdk.IsTransient(err) == tt.stops {
			t.Errorf("%s: got %v, tried again %v", name, err, sdk.IsTransient(err))
		}
	}
}

func TestSettings_orTLS(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		tls  tlsconfig.Config
		want string
	}{
		"plain":            {tlsconfig.Config{}, "REQUIRE X509"},
		"no certificate":   {tlsconfig.Config{Mode: tlsconfig.Required}, "REQUIRE X509"},
		"with certificate": {tlsconfig.Config{Mode: tlsconfig.Required, Cert: config.NewText("c")}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Settings{TLS: tt.tls}
			if got := s.orTLS(); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []uint16{mysql.ER_SPECIFIC_ACCESS_DENIED_ERROR, mysql.ER_COLUMNACCESS_DENIED_ERROR} {
		err := Marked(&mysql.MyError{Code: code})
		if !Refused(err) || sdk.IsTransient(err) {
			t.Errorf("%v is no refusal, or goes away by itself", err)
		}
	}
	for _, err := range []error{&mysql.MyError{Code: mysql.ER_LOCK_WAIT_TIMEOUT}, errors.New("x")} {
		if Refused(err) || !sdk.IsTransient(Marked(err)) {
			t.Errorf("%v is not about privileges", err)
		}
	}
}

// An error names the key to look at.
func TestKey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want string
	}{
		"password":       {&mysql.MyError{Code: mysql.ER_ACCESS_DENIED_ERROR}, "password"},
		"locked account": {&mysql.MyError{Code: errAccountLocked}, "user"},
		"TLS":            {errNeedsTLS, "tls.mode"},
		"certificate":    {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, "tls.ca"},
		"another name":   {&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"}}, "tls.server_name"},
		"unknown host":   {&net.DNSError{IsNotFound: true}, "host"},
		"nobody there":   {errors.New("connection refused"), "host"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Settings{Host: "h", Port: 1}
			if got := Key(s.explain(tt.err)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
