package client

import (
	"context"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/sdk/oidc"
)

// bearer completes what provides the configured token.
func (s SASL) bearer(configured sarama.AccessTokenProvider) sarama.AccessTokenProvider {
	if s.OIDC == nil {
		return &extended{configured, s.Extensions}
	}
	return &extended{&granted{s.OIDC}, s.Extensions}
}

// granted provides tokens of an OpenID Connect provider. Sarama asks for one at
// each login, and again before the session that the broker grants for it ends.
type granted struct{ source *oidc.Source }

func (g *granted) Token() (*sarama.AccessToken, error) {
	token, err := g.source.Token(context.Background()) // sarama knows no contexts; the source has a timeout
	if err != nil {
		return nil, err
	}
	return &sarama.AccessToken{Token: token}, nil
}

// extended adds extensions.
type extended struct {
	sarama.AccessTokenProvider
	extensions map[string]string
}

func (e *extended) Token() (*sarama.AccessToken, error) {
	token, err := e.AccessTokenProvider.Token()
	if err != nil {
		return nil, err
	}
	token.Extensions = e.extensions
	return token, nil
}
