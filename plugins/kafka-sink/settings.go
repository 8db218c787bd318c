package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/produce"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

// Back-off of a partition that refuses records.
const (
	backoffMin = 50 * time.Millisecond
	backoffMax = 2 * time.Second
)

// renewEvery is well below transactional.id.expiration.ms, which is 7 days by
// default, and uses up the epochs of a producer id in 22 years.
const renewEvery = 6 * time.Hour

var codecs = map[string]sarama.CompressionCodec{
	"none":   sarama.CompressionNone,
	"gzip":   sarama.CompressionGZIP,
	"snappy": sarama.CompressionSnappy,
	"lz4":    sarama.CompressionLZ4,
	"zstd":   sarama.CompressionZSTD,
}

func (c Config) clientSettings() client.Settings {
	s := client.Settings{
		Brokers: c.Brokers, ClientID: c.ClientID, TLS: c.TLS,
		DialTimeout: c.DialTimeout, RequestTimeout: c.RequestTimeout,
	}
	if c.SASL.Mechanism != noSASL {
		s.SASL = client.SASL{
			Mechanism: c.SASL.Mechanism, Username: c.SASL.Username,
			Password: c.SASL.Password, Token: c.SASL.Token, AllowPlaintext: c.SASL.AllowPlaintext,
			Extensions: c.SASL.Extensions,
		}
		if c.SASL.OIDC.IsSet() {
			s.SASL.OIDC = c.SASL.OIDC.Source()
		}
	}
	return s
}

// transactionalID is the same after every restart. Neither name has a dot in it.
func (c Config) transactionalID(pipeline, sink string) string {
	if c.TransactionalID != "" {
		return c.TransactionalID
	}
	return "leat." + pipeline + "." + sink
}

func (c Config) produceSettings(transactionalID string, l *slog.Logger, m *produce.Metrics) produce.Settings {
	return produce.Settings{
		TransactionalID: transactionalID,
		RenewEvery:      renewEvery,
		Compression:     codecs[c.Compression],
		BatchBytes:      int(c.BatchBytes),
		InFlightBytes:   int64(c.InFlight),
		RequestTimeout:  c.RequestTimeout,
		Patience:        produce.DefaultPatience,
		BackoffMin:      backoffMin,
		BackoffMax:      backoffMax,
		Logger:          l,
		Metrics:         m,
	}
}

func (c Config) plan() (topic.Plan, error) {
	p := topic.Plan{Create: c.Topics.Create, Default: topic.Spec{
		Partitions: c.Topics.Partitions, Replication: c.Topics.ReplicationFactor, Config: c.Topics.Config,
	}}
	for _, r := range c.Topics.Rules {
		match, err := topic.Pattern(r.Match)
		if err != nil {
			return p, sdk.Permanent(fmt.Errorf("read topics.rules: %w", err))
		}
		p.Rules = append(p.Rules, topic.Rule{Match: match, Spec: topic.Spec{
			Partitions: r.Partitions, Replication: r.ReplicationFactor, Config: r.Config,
		}})
	}
	return p, nil
}
