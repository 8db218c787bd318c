// Package tlstest makes certificates for tests of TLS.
package tlstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// Authority signs certificates for a test.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	// PEM of the authority's own certificate.
	PEM string
}

// NewAuthority makes an authority.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	return NewAuthorityUntil(t, time.Now().Add(time.Hour))
}

// NewAuthorityUntil makes one that is valid for two hours until its end.
func NewAuthorityUntil(t testing.TB, end time.Time) *Authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: end.Add(-2 * time.Hour), NotAfter: end,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key := newKey(t)
	der := sign(t, template, template, key, key)
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{cert: cert, key: key, PEM: encode("CERTIFICATE", der)}
}

// Issue makes a certificate for a host name or address, and its key, as PEM.
func (a *Authority) Issue(t testing.TB, host string) (cert, key string) {
	t.Helper()
	return a.IssueUntil(t, host, time.Now().Add(time.Hour))
}

// IssueUntil makes one that is valid for two hours until its end.
func (a *Authority) IssueUntil(t testing.TB, host string, end time.Time) (cert, key string) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host},
		NotBefore: end.Add(-2 * time.Hour), NotAfter: end,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	private := newKey(t)
	der := sign(t, template, a.cert, private, a.key)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", pkcs8)
}

// Server returns the configuration of a server with a certificate for host. It
// asks for the client's certificate if mutual is set.
func (a *Authority) Server(t testing.TB, host string, mutual bool) *tls.Config {
	t.Helper()
	cert, key := a.Issue(t, host)
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	conf := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if mutual {
		conf.ClientCAs = x509.NewCertPool()
		conf.ClientCAs.AddCert(a.cert)
		conf.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return conf
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t testing.TB, template, parent *x509.Certificate, subject, issuer *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &subject.PublicKey, issuer)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func encode(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
