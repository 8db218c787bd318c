// Package oidc gets access tokens by OAuth's client credentials, as OpenID Connect
// providers give them to programs: for a broker's OAUTHBEARER and for the Bearer
// of an HTTP API.
//
// It checks no tokens and knows no users. Start reading at Source.
package oidc

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/leat-io/leat/sdk/config"
)

// Config is what a user writes in a block called oidc.
type Config struct {
	TokenURL     string            `koanf:"token_url" doc:"URL of the provider's token endpoint. https, unless it is on this machine."`
	ClientID     string            `koanf:"client_id" doc:"Client that the provider knows."`
	ClientSecret config.Secret     `koanf:"client_secret" doc:"Secret of the client. It is read again for each token."`
	Scopes       []string          `koanf:"scopes" doc:"Scopes to ask for."`
	Audience     string            `koanf:"audience" doc:"Audience to ask for, where the provider needs one."`
	Parameters   map[string]string `koanf:"parameters" doc:"What else the provider wants to be sent in the request's form, such as resource."`
	CA           string            `koanf:"ca" doc:"File with the authorities that sign the token endpoint's certificate, in PEM. The system's if empty."`
}

var (
	errEmpty     = errors.New("is empty, but oidc needs it")
	errURL       = errors.New("is not a URL")
	errPlaintext = errors.New("would send the secret over the network in plain text")
	errReserved  = errors.New("is set by leat itself")
)

// IsSet says whether the block has anything in it.
func (c Config) IsSet() bool {
	return c.TokenURL != "" || c.ClientID != "" || !c.ClientSecret.IsZero() || len(c.Scopes) > 0 ||
		c.Audience != "" || len(c.Parameters) > 0 || c.CA != ""
}

// Validate reports all that is wrong with a block that is set.
func (c Config) Validate() error {
	errs := []error{c.validateURL()}
	if c.ClientID == "" {
		errs = append(errs, config.At("client_id", "set it", errEmpty))
	}
	if c.ClientSecret.IsZero() {
		errs = append(errs, config.At("client_secret", "set it", errEmpty))
	}
	for _, reserved := range []string{"grant_type", "client_id", "client_secret", "scope", "audience"} {
		if _, ok := c.Parameters[reserved]; ok {
			errs = append(errs, config.At("parameters", "leave it out", fmt.Errorf("%s %w", reserved, errReserved)))
		}
	}
	if _, err := authorities(c.CA); err != nil {
		errs = append(errs, config.At("ca", "name a file with certificates in PEM", err))
	}
	return errors.Join(errs...)
}

func (c Config) validateURL() error {
	if c.TokenURL == "" {
		return config.At("token_url", "set it", errEmpty)
	}
	u, err := url.Parse(c.TokenURL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https":
		return config.At("token_url", "write it like https://idp.example.com/oauth2/token", fmt.Errorf("%q %w", c.TokenURL, errURL))
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return config.At("token_url", "use https", fmt.Errorf("%q %w", c.TokenURL, errPlaintext))
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Source makes the source of tokens that the block describes.
func (c Config) Source() (*Source, error) {
	roots, err := authorities(c.CA)
	if err != nil {
		return nil, fmt.Errorf("read oidc.ca: %w", err)
	}
	return NewSource(Settings{
		TokenURL: c.TokenURL, ClientID: c.ClientID, Secret: c.ClientSecret.Reveal,
		Scopes: c.Scopes, Audience: c.Audience, Parameters: c.Parameters, Roots: roots,
	}), nil
}
