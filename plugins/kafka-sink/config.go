package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk/config"
	"github.com/leat-io/leat/sdk/oidc"
	"github.com/leat-io/leat/sdk/tlsconfig"
)

//go:generate go test -run ^TestReadmeKeys$ . -update

// Config is what a user writes under the sink's config.
type Config struct {
	Brokers         []string `koanf:"brokers" required:"true" doc:"Brokers to ask for the cluster, each as host:port. One that answers is enough."`
	ClientID        string   `koanf:"client_id" doc:"Name by which the brokers' logs and quotas know the sink."`
	TransactionalID string   `koanf:"transactional_id" doc:"Name under which the sink fences the process that wrote before it, so that nothing this one has left on its way lands late. Only this sink may use it on the cluster. Empty for leat.PIPELINE.SINK."`
	Compression     string   `koanf:"compression" options:"none,gzip,snappy,lz4,zstd" doc:"Compression of record batches."`

	BatchBytes     config.Size   `koanf:"batch_bytes" doc:"Size before compression at which a record batch of a partition is full. A batch that the broker finds too large is split."`
	InFlight       config.Size   `koanf:"in_flight" doc:"How much may be on its way without being acknowledged. Beyond it the sink holds the pipeline back."`
	DialTimeout    time.Duration `koanf:"dial_timeout" doc:"How long one attempt to connect to a broker may take."`
	RequestTimeout time.Duration `koanf:"request_timeout" doc:"How long a broker may take to have a request acknowledged by all replicas in sync."`

	Topics Topics           `koanf:"topics" doc:"How topics that do not exist are created. Existing topics are never altered."`
	TLS    tlsconfig.Config `koanf:"tls" doc:"Encryption of the connections. Without it whoever is on the network can read and change the data."`
	SASL   SASL             `koanf:"sasl" doc:"Authentication."`
}

// Topics says how topics are created.
type Topics struct {
	Create            bool              `koanf:"create" doc:"Create a topic when its first record comes. If false a missing topic stops the pipeline."`
	Partitions        int32             `koanf:"partitions" doc:"Number of partitions, -1 for the brokers' default."`
	ReplicationFactor int16             `koanf:"replication_factor" doc:"Number of replicas, -1 for the brokers' default."`
	Config            map[string]string `koanf:"config" doc:"Configuration of the topic. cleanup.policy is compact for records with keys and delete for those without, unless it is given here."`
	Rules             []Rule            `koanf:"rules" doc:"Exceptions for some topics. The first rule that matches counts."`
}

// Rule is an exception for some topics.
type Rule struct {
	Match             string            `koanf:"match" required:"true" doc:"Regular expression that matches the whole name of the topic."`
	Partitions        int32             `koanf:"partitions" doc:"Number of partitions, -1 for the brokers' default, 0 for that of topics.partitions."`
	ReplicationFactor int16             `koanf:"replication_factor" doc:"Number of replicas, -1 for the brokers' default, 0 for that of topics.replication_factor."`
	Config            map[string]string `koanf:"config" doc:"Configuration added to topics.config."`
}

// SASL says how the sink authenticates.
type SASL struct {
	Mechanism string        `koanf:"mechanism" options:"none,PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER" doc:"How to authenticate."`
	Username  config.Text   `koanf:"username" doc:"User of PLAIN and SCRAM."`
	Password  config.Secret `koanf:"password" doc:"Password of PLAIN and SCRAM."`
	Token     config.Secret `koanf:"token" doc:"Token of OAUTHBEARER."`

	AllowPlaintext bool `koanf:"allow_plaintext" doc:"Send the password of PLAIN, or the token, over connections without TLS, to brokers that are not on this machine. Whoever is on the network can then read it."`

	OIDC       oidc.Config       `koanf:"oidc" doc:"Where OAUTHBEARER gets its tokens from, instead of token: an OpenID Connect provider that gives them by client credentials."`
	Extensions map[string]string `koanf:"extensions" doc:"SASL extensions that OAUTHBEARER sends with the token, such as Confluent Cloud's logicalCluster and identityPoolId."`
}

// DefaultConfig returns the configuration that holds where the user says nothing.
func DefaultConfig() Config {
	return Config{
		ClientID:       "leat",
		Compression:    "lz4",
		BatchBytes:     512 * config.KiB,
		InFlight:       8 * config.MiB,
		DialTimeout:    5 * time.Second,
		RequestTimeout: 30 * time.Second,
		Topics:         Topics{Create: true, Partitions: -1, ReplicationFactor: -1},
		TLS:            tlsconfig.Config{Mode: tlsconfig.Disabled},
		SASL:           SASL{Mechanism: noSASL, OIDC: oidc.DefaultConfig()},
	}
}

const (
	noSASL        = "none"
	oauth         = "OAUTHBEARER"
	maxBatchBytes = 64 * config.MiB
)

// Validate reports all that is wrong.
func (c Config) Validate() error {
	return errors.Join(c.validateBrokers(), c.validateLimits(),
		config.At("topics", "", c.Topics.Validate()),
		config.At("tls", "", c.TLS.Validate(tlsconfig.Preferred)),
		config.At("sasl", "", errors.Join(c.SASL.Validate(), c.validatePlaintext())))
}

func (c Config) validateBrokers() error {
	var errs []error
	for i, b := range c.Brokers {
		_, port, err := net.SplitHostPort(b)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			errs = append(errs, config.At(fmt.Sprintf("brokers[%d]", i), "write host:port, as in kafka:9092",
				fmt.Errorf("%q is not the address of a broker", b)))
		}
	}
	return errors.Join(errs...)
}

func (c Config) validateLimits() error {
	var errs []error
	if c.BatchBytes <= 0 || c.BatchBytes > maxBatchBytes {
		errs = append(errs, config.At("batch_bytes", "use 512KiB, for example",
			fmt.Errorf("is %v, not between 1B and %v", c.BatchBytes, maxBatchBytes)))
	}
	if c.InFlight < c.BatchBytes {
		errs = append(errs, config.At("in_flight", "raise it, or lower batch_bytes",
			fmt.Errorf("is %v, less than batch_bytes of %v", c.InFlight, c.BatchBytes)))
	}
	for _, t := range []struct {
		key   string
		value time.Duration
	}{{"dial_timeout", c.DialTimeout}, {"request_timeout", c.RequestTimeout}} {
		if t.value < time.Millisecond {
			errs = append(errs, config.At(t.key, "use 30s, for example", fmt.Errorf("is %v, which is no time at all", t.value)))
		}
	}
	return errors.Join(errs...)
}

// Validate reports all that is wrong.
func (t Topics) Validate() error {
	errs := []error{validateCounts(t.Partitions, t.ReplicationFactor, false)}
	for i, r := range t.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		errs = append(errs, config.At(at, "", validateCounts(r.Partitions, r.ReplicationFactor, true)))
		if _, err := topic.Pattern(r.Match); err != nil {
			errs = append(errs, config.At(at+".match", "write a regular expression of Go's syntax",
				fmt.Errorf("%q is not a regular expression: %w", r.Match, err)))
		}
	}
	return errors.Join(errs...)
}

func validateCounts(partitions int32, replicas int16, zero bool) error {
	bad := func(n int64) bool { return n < -1 || (n == 0 && !zero) }
	var errs []error
	if bad(int64(partitions)) {
		errs = append(errs, config.At("partitions", "use a positive number, or -1 for the brokers' default",
			fmt.Errorf("is %d", partitions)))
	}
	if bad(int64(replicas)) {
		errs = append(errs, config.At("replication_factor", "use a positive number, or -1 for the brokers' default",
			fmt.Errorf("is %d", replicas)))
	}
	return errors.Join(errs...)
}

// Validate reports all that is wrong.
func (s SASL) Validate() error {
	missing := func(key string, value bool) error {
		if value {
			return nil
		}
		return config.At(key, "set it", fmt.Errorf("is empty, but %s needs it", s.Mechanism))
	}
	if s.OIDC.IsSet() || len(s.Extensions) > 0 {
		return s.validateOAuth()
	}
	switch s.Mechanism {
	case noSASL:
		if s.AllowPlaintext || !s.Username.IsZero() || !s.Password.IsZero() || !s.Token.IsZero() {
			return config.At("mechanism", "set it to the listener's mechanism", errors.New("is none, but sasl is configured"))
		}
		return nil
	case oauth:
		return missing("token", !s.Token.IsZero())
	}
	return errors.Join(missing("username", !s.Username.IsZero()), missing("password", !s.Password.IsZero()))
}
