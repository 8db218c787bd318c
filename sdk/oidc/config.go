// Package oidc gets access tokens by OAuth's client credentials, as OpenID Connect
// providers give them to programs: for a broker's OAUTHBEARER and for the Bearer
// of an HTTP API.
//
// It checks no tokens and knows no users. Start reading at Source.
package oidc

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Config is what a user writes in a block called oidc.
type Config struct {
	TokenURL     string            `koanf:"token_url" doc:"URL of the provider's token endpoint. https, unless it is on this machine."`
	ClientID     string            `koanf:"client_id" doc:"Client that the provider knows."`
	ClientSecret config.Secret     `koanf:"client_secret" doc:"Secret of the client. It is read again for each token."`
	Scopes       []string          `koanf:"scopes" doc:"Scopes to ask for."`
	Audience     string            `koanf:"audience" doc:"Audience to ask for, where the provider needs one."`
	Parameters   map[string]string `koanf:"parameters" doc:"What else the provider wants to be sent in the request's form, such as resource."`
	TLS          tlsconfig.Config  `koanf:"tls" doc:"Encryption of the connections to an https token_url."`
}

// DefaultConfig returns what holds where the user says nothing.
func DefaultConfig() Config { return Config{TLS: tlsconfig.Config{Mode: tlsconfig.VerifyIdentity}} }

var (
	errEmpty     = errors.New("is empty, but oidc needs it")
	errURL       = errors.New("is not a URL")
	errUser      = errors.New("has a user in it, which may be secret and is not shown")
	errPlaintext = errors.New("would send the secret over the network in plain text")
	errReserved  = errors.New("is set by leat itself")
	errNoHTTPS   = errors.New("is given, but token_url does not begin with https://")
)

// IsSet says whether the block has anything in it.
func (c Config) IsSet() bool {
	return c.TokenURL != "" || c.ClientID != "" || !c.ClientSecret.IsZero() || len(c.Scopes) > 0 ||
		c.Audience != "" || len(c.Parameters) > 0 || c.TLS.Given() || c.TLS.Mode != "" && c.TLS.Mode != tlsconfig.VerifyIdentity
}

// Validate reports all that is wrong with a block that is set.
func (c Config) Validate() error {
	errs := []error{c.validateURL(), c.validateTLS()}
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
	return errors.Join(errs...)
}

func (c Config) validateURL() error {
	if c.TokenURL == "" {
		return config.At("token_url", "set it", errEmpty)
	}
	u, err := url.Parse(c.TokenURL)
	switch {
	case strings.ContainsRune(c.TokenURL, '@'):
		return config.At("token_url", "write it like https://idp.example.com/oauth2/token, and the client under client_id and client_secret", errUser)
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return config.At("token_url", "write it like https://idp.example.com/oauth2/token", fmt.Errorf("%q %w", c.TokenURL, errURL))
	case u.Scheme == "http" && !tlsconfig.Loopback(u.Hostname()):
		return config.At("token_url", "use https", fmt.Errorf("%q %w", c.TokenURL, errPlaintext))
	}
	return nil
}

// validateTLS checks the files, and that they are of use.
func (c Config) validateTLS() error {
	if u, err := url.Parse(c.TokenURL); err == nil && u.Scheme == "http" && c.TLS.Given() {
		return config.At("tls", "write https:// in token_url, or remove it", errNoHTTPS)
	}
	return config.At("tls", "", c.TLS.Validate(tlsconfig.Disabled, tlsconfig.Preferred))
}

// Source makes the source of tokens that the block describes.
func (c Config) Source() *Source {
	return NewSource(Settings{
		TokenURL: c.TokenURL, ClientID: c.ClientID, Secret: c.ClientSecret.Reveal,
		Scopes: c.Scopes, Audience: c.Audience, Parameters: c.Parameters, TLS: c.TLS,
	})
}
