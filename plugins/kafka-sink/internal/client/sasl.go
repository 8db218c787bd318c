package client

import (
	"fmt"

	"github.com/IBM/sarama"
	"github.com/xdg-go/scram"

	"github.com/leat-io/leat/sdk"
)

// SASL says how the client authenticates.
type SASL struct {
	// Mechanism is PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER; none if empty.
	Mechanism          string
	Username, Password string
	// Token of OAUTHBEARER.
	Token string
}

func (s SASL) apply(conf *sarama.Config) error {
	sasl := &conf.Net.SASL
	sasl.Mechanism = sarama.SASLMechanism(s.Mechanism)
	switch sasl.Mechanism {
	case "":
		return nil
	case sarama.SASLTypePlaintext:
	case sarama.SASLTypeSCRAMSHA256:
		sasl.SCRAMClientGeneratorFunc = func() sarama.SCRAMClient { return &scramClient{hash: scram.SHA256} }
	case sarama.SASLTypeSCRAMSHA512:
		sasl.SCRAMClientGeneratorFunc = func() sarama.SCRAMClient { return &scramClient{hash: scram.SHA512} }
	case sarama.SASLTypeOAuth:
		sasl.TokenProvider = token(s.Token)
	default:
		return sdk.Permanent(fmt.Errorf("sasl.mechanism %q is not known: use PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER", s.Mechanism))
	}
	sasl.Enable = true
	sasl.Handshake = true
	sasl.Version = sarama.SASLHandshakeV1
	sasl.User, sasl.Password = s.Username, s.Password
	return nil
}

// token provides itself.
type token string

// Token returns the token that the configuration holds.
func (t token) Token() (*sarama.AccessToken, error) {
	return &sarama.AccessToken{Token: string(t)}, nil
}

// scramClient leads one SCRAM conversation.
type scramClient struct {
	hash         scram.HashGeneratorFcn
	conversation *scram.ClientConversation
}

// Begin prepares the conversation.
func (c *scramClient) Begin(user, password, authz string) error {
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
