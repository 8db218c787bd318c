package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// bundles is where systems keep their CA certificates: Debian and Alpine, Fedora, openSUSE, macOS.
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
}

// readCertificates reads the bundle at path, or the machine's when path is empty.
func readCertificates(path string) ([]byte, error) {
	candidates := bundles
	if path != "" {
		candidates = []string{path}
	}
	for _, candidate := range candidates {
		bundle, err := os.ReadFile(candidate)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read CA certificates: %w", err)
		}
		// Without one the image would come up and fail at its first TLS connection.
		if !x509.NewCertPool().AppendCertsFromPEM(bundle) {
			return nil, fmt.Errorf("read CA certificates: %s holds no certificate: name another bundle by -certificates", candidate)
		}
		return bundle, nil
	}
	return nil, fmt.Errorf("read CA certificates: none at %s: install ca-certificates or name a bundle by -certificates",
		strings.Join(candidates, ", "))
}
