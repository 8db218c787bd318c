package oidc

import (
	"net/http"
	"time"

	"github.com/leat-io/leat/sdk/tlsconfig"
)

// requestTimeout bounds one request for a token, while which a login waits.
const requestTimeout = 10 * time.Second

// newHTTP makes a client with the certificates as they are now. It goes nowhere
// else with the secret, and keeps no connection until the next token is due.
func newHTTP(c tlsconfig.Config) (*http.Client, error) {
	files, err := c.Load()
	if err != nil {
		return nil, err
	}
	conf, err := c.With(files, "") // net/http fills in the host
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Timeout: requestTimeout,
		Transport: &http.Transport{
			Proxy:             http.ProxyFromEnvironment,
			TLSClientConfig:   conf,
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}
