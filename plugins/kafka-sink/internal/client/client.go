// Package client makes sarama's client from our settings: TLS, SASL, timeouts,
// and connections that can be cut at once. It does not produce.
//
// Start reading at New.
package client

import (
	"fmt"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

// Settings of a client.
type Settings struct {
	Brokers  []string
	ClientID string
	TLS      tlsconfig.Config
	SASL     SASL
	// DialTimeout bounds one attempt to connect.
	DialTimeout time.Duration
	// RequestTimeout bounds the wait for an answer.
	RequestTimeout time.Duration
}

// Client is a sarama.Client whose connections can be cut.
type Client struct {
	sarama.Client
	dialer *dialer
	user   config.Text
}

// New makes a client. It connects on first use.
func New(s Settings) (*Client, error) {
	d := newDialer(s.DialTimeout)
	conf, err := configure(s, &secureDialer{dialer: d, settings: &s})
	if err != nil {
		return nil, err
	}
	c, err := sarama.NewClient(s.Brokers, conf)
	if err != nil {
		return nil, fmt.Errorf("make kafka client: %w", fault.Mark(err))
	}
	return &Client{Client: c, dialer: d, user: s.SASL.Username}, nil
}

// Cut closes all connections and lets no new one come up, so that every request
// under way ends. Close the client after it.
func (c *Client) Cut() { c.dialer.cut() }

// margin is what an answer takes beyond the time that the broker may use.
const margin = 5 * time.Second

func configure(s Settings, d *secureDialer) (*sarama.Config, error) {
	conf := sarama.NewConfig()
	conf.Version = sarama.MaxVersion // each request is lowered to what the broker offers
	conf.ClientID = s.ClientID
	conf.Net.Proxy.Enable, conf.Net.Proxy.Dialer = true, d
	conf.Net.DialTimeout = s.DialTimeout
	conf.Net.ReadTimeout = s.RequestTimeout + margin
	conf.Net.WriteTimeout = s.RequestTimeout
	conf.Net.MaxOpenRequests = produce.Pipeline
	conf.Metadata.Full = false
	conf.Metadata.AllowAutoTopicCreation = false
	conf.Metadata.Retry.Max = 0 // those who ask have a back-off of their own
	conf.Metadata.Timeout = s.RequestTimeout
	conf.Admin.Timeout = s.RequestTimeout
	if err := s.SASL.apply(conf); err != nil {
		return nil, err
	}
	if err := conf.Validate(); err != nil {
		return nil, fmt.Errorf("configure kafka client: %w", fault.Mark(err))
	}
	return conf, nil
}
