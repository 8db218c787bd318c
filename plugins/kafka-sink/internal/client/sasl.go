package client

import (
	"fmt"

	"github.com/IBM/sarama"
	"github.com/xdg-go/scram"

	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
)

// SASL says how the client authenticates.
type SASL struct {
	// Mechanism is PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER; none if empty.
	Mechanism string
	// Username, Password and the Token of OAUTHBEARER are read for each login.
	Username config.Text
	Password config.Secret
	Token    config.Secret
	// AllowPlaintext lets password and token go over connections without TLS to
	// other machines.
	AllowPlaintext bool

	// OIDC gives the tokens of OAUTHBEARER, if it is not nil.
	OIDC *oidc.Source
	// Extensions of OAUTHBEARER.
	Extensions map[string]string
}

// readable says whether others on the network could read a login without TLS.
func (s SASL) readable() bool {
	return s.Mechanism == sarama.SASLTypePlaintext || s.Mechanism == sarama.SASLTypeOAuth
}

// login returns user and password as they are now.
func (s SASL) login() (user, password string, err error) {
	if user, err = s.Username.Read(); err != nil {
		return "", "", err
	}
	password, err = s.Password.Reveal()
	return user, password, err
}

func (s SASL) apply(conf *sarama.Config) error {
	sasl := &conf.Net.SASL
	sasl.Mechanism = sarama.SASLMechanism(s.Mechanism)
	switch sasl.Mechanism {
	case "":
		return nil
	case sarama.SASLTypePlaintext:
	case sarama.SASLTypeSCRAMSHA256:
		sasl.SCRAMClientGeneratorFunc = func() sarama.SCRAMClient { return &scramClient{hash: scram.SHA256, sasl: s} }
	case sarama.SASLTypeSCRAMSHA512:
		sasl.SCRAMClientGeneratorFunc = func() sarama.SCRAMClient { return &scramClient{hash: scram.SHA512, sasl: s} }
	case sarama.SASLTypeOAuth:
		sasl.TokenProvider = token{s.Token}
	default:
		return sdk.Permanent(fmt.Errorf("sasl.mechanism %q is not known: use PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER", s.Mechanism))
	}
	if sasl.TokenProvider != nil {
		sasl.TokenProvider = s.bearer(sasl.TokenProvider)
	}
	sasl.Enable = true
	sasl.Handshake = true
	sasl.Version = sarama.SASLHandshakeV1
	sasl.User, sasl.Password = placeholderUser, placeholderPassword
	return nil
}

// token provides itself.
type token struct{ secret config.Secret }

// Token returns the token as it is now.
func (t token) Token() (*sarama.AccessToken, error) {
	text, err := t.secret.Reveal()
	return &sarama.AccessToken{Token: text}, err
}

// scramClient leads one SCRAM conversation.
type scramClient struct {
	sasl         SASL
	hash         scram.HashGeneratorFcn
	conversation *scram.ClientConversation
}

// Begin prepares the conversation, with the user and password of now.
func (c *scramClient) Begin(_, _, authz string) error {
	user, password, err := c.sasl.login()
	if err != nil {
		return err
	}
	client, err := c.hash.NewClient(user, password, authz)
	if err != nil {
		return fmt.Errorf("prepare SCRAM: %w", err)
	}
	c.conversation = client.NewConversation()
	return nil
}

// Step answers the broker.
func (c *scramClient) Step(challenge string) (string, error) { return c.conversation.Step(challenge) }

// Done says whether the conversation has come to its end.
func (c *scramClient) Done() bool { return c.conversation.Done() }
