package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
)

var (
	errNoCertificates = errors.New("no certificate in PEM form in it")
	errKeyPair        = errors.New("tls.cert and tls.key go together: set both or none")
)

// TLS says how connections are secured. CA, Cert and Key are PEM text, or the
// path of a file with it.
type TLS struct {
	CA, Cert, Key string
	ServerName    string
	// SkipVerification takes any certificate of the broker.
	SkipVerification bool
}

// Config reads the files.
func (t TLS) Config() (*tls.Config, error) {
	conf := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         t.ServerName,
		InsecureSkipVerify: t.SkipVerification, //nolint:gosec // the user asked for it by name
	}
	if t.CA != "" {
		pem, err := read(t.CA)
		if err != nil {
			return nil, fmt.Errorf("read tls.ca: %w", err)
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read tls.ca: %w", errNoCertificates)
		}
	}
	if (t.Cert == "") != (t.Key == "") {
		return nil, errKeyPair
	}
	if t.Cert == "" {
		return conf, nil
	}
	pair, err := t.pair()
	if err != nil {
		return nil, err
	}
	conf.Certificates = []tls.Certificate{pair}
	return conf, nil
}

func (t TLS) pair() (tls.Certificate, error) {
	cert, err := read(t.Cert)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read tls.cert: %w", err)
	}
	key, err := read(t.Key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read tls.key: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return pair, fmt.Errorf("use tls.cert and tls.key: %w", err)
	}
	return pair, nil
}

func read(textOrPath string) ([]byte, error) {
	if strings.Contains(textOrPath, "-----BEGIN ") {
		return []byte(textOrPath), nil
	}
	return os.ReadFile(textOrPath)
}
