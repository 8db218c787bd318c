package client

import (
	"errors"

	"github.com/IBM/sarama"
)

// Probe connects to one address, as far as TLS and SASL, and hangs up.
func (c *Client) Probe(address string) error {
	b := sarama.NewBroker(address)
	if err := b.Open(c.Config()); err != nil {
		return err
	}
	_, err := b.Connected()
	if err == nil {
		// sarama holds its own request for versions to be optional: ask again.
		_, err = b.ApiVersions(&sarama.ApiVersionsRequest{})
	}
	if e := b.Close(); err == nil && !errors.Is(e, sarama.ErrNotConnected) {
		err = e
	}
	return err
}
