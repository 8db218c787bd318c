package oidc

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/leat-io/leat/sdk/tlsconfig"
)

const (
	// renewAt is the part of a token's life after which another is asked for. What
	// is logged in by then is logged in again before the token ends.
	renewAt = 0.8
	// unknownLife is how long a token is used whose end the provider does not tell.
	unknownLife = time.Minute
	// rest is the pause after a request that failed.
	rest = time.Second
)

// Settings of a Source.
type Settings struct {
	TokenURL, ClientID string
	// Secret is read for each token.
	Secret     func() (string, error)
	Scopes     []string
	Audience   string
	Parameters map[string]string
	// TLS is read for each token too. The zero value verifies by the system's
	// authorities.
	TLS tlsconfig.Config
}

// Source gives a token that is valid, and asks for another before it ends. It may
// be used by many goroutines; one at a time asks.
type Source struct {
	settings Settings
	now      func() time.Time

	mu      sync.Mutex
	grant   clientcredentials.Config
	token   string
	renew   time.Time // when another is asked for
	expires time.Time
	failure error // of the last request, for a moment
	tryAt   time.Time
}

// NewSource returns a source. It asks for nothing yet.
func NewSource(s Settings) *Source {
	parameters := url.Values{}
	for k, v := range s.Parameters {
		parameters.Set(k, v)
	}
	if s.Audience != "" {
		parameters.Set("audience", s.Audience)
	}
	return &Source{
		settings: s, now: time.Now,
		grant: clientcredentials.Config{ClientID: s.ClientID, TokenURL: s.TokenURL, Scopes: s.Scopes, EndpointParams: parameters},
	}
}

// Token returns a token. The error is an *Error, marked as transient or permanent;
// while the token of before is valid it is given instead.
func (s *Source) Token(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if now.Before(s.renew) {
		return s.token, nil
	}
	if now.Before(s.tryAt) {
		return s.meanwhile(now)
	}
	if err := s.fetch(ctx); err != nil {
		s.failure, s.tryAt = err, s.now().Add(rest)
		return s.meanwhile(now)
	}
	return s.token, nil
}

// meanwhile is what there is after a request that failed.
func (s *Source) meanwhile(now time.Time) (string, error) {
	if now.Before(s.expires) {
		return s.token, nil
	}
	return "", s.failure
}

func (s *Source) fetch(ctx context.Context) error {
	secret, err := s.settings.Secret()
	if err != nil {
		return unreadable(s.settings.TokenURL, fmt.Sprintf("read oidc.client_secret: %v", err), err)
	}
	client, err := newHTTP(s.settings.TLS)
	if err != nil {
		return unreadable(s.settings.TokenURL, fmt.Sprintf("oidc.%v", err), err)
	}
	s.grant.ClientSecret = secret
	asked := s.now()
	got, err := s.grant.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
	s.grant.ClientSecret = ""
	if err != nil {
		return refused(s.settings.TokenURL, s.settings.ClientID, secret, err)
	}
	life := unknownLife
	if !got.Expiry.IsZero() {
		life = time.Until(got.Expiry)
	}
	s.token = strings.TrimSpace(got.AccessToken)
	s.renew, s.expires = asked.Add(time.Duration(renewAt*float64(life))), asked.Add(life)
	s.failure, s.tryAt = nil, time.Time{}
	return nil
}
