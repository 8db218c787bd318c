package tlsconfig

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/leat-io/leat/sdk/config"
)

var (
	errNoCertificate = errors.New("has no certificate in PEM form")
	errNoKey         = errors.New("has no private key in PEM form")
	errNoPair        = errors.New("is given without the other of cert and key")
)

const (
	begin     = "-----BEGIN "
	inPlace   = "in the configuration"
	makePEM   = "name a PEM file, or write PEM"
	giveBoth  = "set both cert and key, or neither"
	renewCert = "renew it"
)

// Files are the texts of the PEM files as they were at a moment. Two that are
// equal make the same connections.
type Files struct {
	ca, cert, key text
}

// text is PEM, and where it comes from.
type text struct{ pem, from string }

// unset is the text of a key that is not given.
var unset = text{from: inPlace}

// Load reads the files.
func (c Config) Load() (Files, error) {
	var f Files
	var errs [3]error
	f.ca, errs[0] = load("ca", c.CA.Read)
	f.cert, errs[1] = load("cert", c.Cert.Read)
	f.key, errs[2] = load("key", c.Key.Reveal)
	for _, err := range errs {
		if err != nil {
			return f, err
		}
	}
	switch {
	case c.Key.IsZero() && !c.Cert.IsZero():
		return f, &fault{"cert", giveBoth, errNoPair}
	case c.Cert.IsZero() && !c.Key.IsZero():
		return f, &fault{"key", giveBoth, errNoPair}
	}
	return f, nil
}

// load returns PEM that stands in the configuration, or in a file that it names.
func load(key string, read func() (string, error)) (text, error) {
	value, err := read()
	if err != nil {
		return text{}, &fault{key, makePEM, err}
	}
	if value == "" || strings.Contains(value, begin) {
		return text{value, inPlace}, nil
	}
	content, err := config.ReadFile(value)
	if err != nil {
		return text{}, &fault{key, "make the file readable to the user that leat runs as; " + makePEM, unreadable(key, value, err)}
	}
	return text{content, value}, nil
}

// unreadable names the path, unless it may be a key that is not PEM.
func unreadable(key, path string, err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		err = p.Err
	}
	if key == "key" && !strings.ContainsRune(path, '/') {
		return fmt.Errorf("is neither PEM nor the path of a file that can be read: %w", err)
	}
	return fmt.Errorf("%s cannot be read: %w", path, err)
}

// roots returns the authorities, nil for those of the system.
func (f Files) roots() (*x509.CertPool, error) {
	if f.ca == unset {
		return nil, nil
	}
	pool, count := x509.NewCertPool(), 0
	var valid bool
	var end time.Time
	for block, rest := pem.Decode([]byte(f.ca.pem)); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if block.Type != "CERTIFICATE" || err != nil {
			continue
		}
		pool.AddCert(c)
		count++
		valid, end = valid || time.Now().Before(c.NotAfter), c.NotAfter
	}
	switch {
	case count == 0:
		return nil, f.ca.fault("ca", makePEM, errNoCertificate)
	case !valid:
		return nil, f.ca.fault("ca", "set it to authorities that are valid", expired(end))
	}
	return pool, nil
}

// certificates returns the one to show, if there is one.
func (f Files) certificates() ([]tls.Certificate, error) {
	if f.cert == unset {
		return nil, nil
	}
	if !strings.Contains(f.cert.pem, begin+"CERTIFICATE") {
		return nil, f.cert.fault("cert", makePEM, errNoCertificate)
	}
	if !strings.Contains(f.key.pem, "PRIVATE KEY-----") {
		return nil, f.key.fault("key", makePEM, errNoKey)
	}
	pair, err := tls.X509KeyPair([]byte(f.cert.pem), []byte(f.key.pem))
	if err != nil {
		return nil, f.key.fault("key", "give the key that the certificate was made with, without a passphrase", fmt.Errorf("does not fit cert: %w", err))
	}
	if end := pair.Leaf.NotAfter; time.Now().After(end) {
		return nil, f.cert.fault("cert", renewCert, expired(end))
	}
	return []tls.Certificate{pair}, nil
}

func (t text) fault(key, cure string, err error) error {
	if t.from != inPlace {
		err = fmt.Errorf("%s %w", t.from, err)
	}
	return &fault{key, cure, err}
}

func expired(at time.Time) error {
	return fmt.Errorf("has expired on %s", at.UTC().Format(time.DateTime+" MST"))
}
