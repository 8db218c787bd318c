package tlsconfig

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
)

// Cure returns what to do about an error of a TLS handshake, "" for any other
// error. The keys that it names are those of the tls block at a path.
func Cure(path string, err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "set " + path + ".ca to the authority that signed the server's certificate"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "reach the server by a name in its certificate, or set " + path + ".server_name to one"
	}
	if _, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return "renew the server's certificate"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "give the server a certificate that can be verified, and set " + path + ".ca to its authority"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the server does not speak TLS there: set " + path + ".mode to disabled, or name its TLS port"
	}
	if remote, ok := errors.AsType[*net.OpError](err); ok && remote.Op == "remote error" { // an alert of TLS
		return "the server refused the TLS handshake: set " + path + ".cert and " + path + ".key to a certificate that it trusts"
	}
	return ""
}
