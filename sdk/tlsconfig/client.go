package tlsconfig

import (
	"crypto/tls"
	"crypto/x509"
)

// Client reads the files and returns the configuration of one connection to a
// host, nil if the mode is disabled. Make a new one for each connection.
func (c Config) Client(host string) (*tls.Config, error) {
	if !c.Enabled() {
		return nil, nil
	}
	f, err := c.Load()
	if err != nil {
		return nil, err
	}
	return c.With(f, host)
}

// With makes the same of files that have been read.
func (c Config) With(f Files, host string) (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if c.ServerName != "" {
		out.ServerName = c.ServerName
	}
	var err error
	if out.RootCAs, err = f.roots(); err != nil {
		return nil, err
	}
	if out.Certificates, err = f.certificates(); err != nil {
		return nil, err
	}
	switch c.Mode {
	case VerifyCA:
		out.InsecureSkipVerify = true // the name alone is not verified
		out.VerifyConnection = func(s tls.ConnectionState) error { return verifyChain(s, out.RootCAs) }
	case Preferred, Required:
		out.InsecureSkipVerify = true // the user asked for it by the mode
	}
	return out, nil
}

func verifyChain(s tls.ConnectionState, roots *x509.CertPool) error {
	options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range s.PeerCertificates[1:] {
		options.Intermediates.AddCert(c)
	}
	if _, err := s.PeerCertificates[0].Verify(options); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: s.PeerCertificates, Err: err}
	}
	return nil
}
