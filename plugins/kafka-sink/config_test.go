package main

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk/config"
)

func TestMain(m *testing.M) { kafkatest.Run(m) }

// decode reads a configuration as the SDK does.
func decode(t *testing.T, text string) (Config, []string) {
	t.Helper()
	c := DefaultConfig()
	var problems []string
	for _, p := range config.Decode(json.RawMessage(text), &c) {
		problems = append(problems, p.String())
	}
	return c, problems
}

func TestConfig(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string
		want []string
	}{
		"OK": {in: `{"brokers": ["kafka:9092", "[::1]:9092"]}`},
		"OK with all": {in: `{"brokers": ["kafka:9092"], "client_id": "x", "compression": "zstd", "batch_bytes": "1MiB",
			"in_flight": "64MiB", "dial_timeout": "1s", "request_timeout": "5s",
			"topics": {"create": true, "partitions": 6, "replication_factor": 3, "config": {"min.insync.replicas": "2"},
				"rules": [{"match": "a\\..*", "partitions": 12, "config": {"retention.ms": "1000"}}]},
			"tls": {"mode": "required"},
			"sasl": {"mechanism": "PLAIN", "username": "u", "password": "p"}}`},
		"no brokers":               {in: `{}`, want: []string{"brokers: is required (set it: Brokers to ask for the cluster, each as host:port)"}},
		"a broker without port":    {in: `{"brokers": ["kafka"]}`, want: []string{`brokers[0]: "kafka" is not the address of a broker (write host:port, as in kafka:9092)`}},
		"a broker with a bad port": {in: `{"brokers": ["kafka:x"]}`, want: []string{`brokers[0]: "kafka:x" is not the address of a broker (write host:port, as in kafka:9092)`}},
		"an unknown compression": {
			in:   `{"brokers": ["k:1"], "compression": "brotli"}`,
			want: []string{`compression: is "brotli", which is not one of its values (use one of none, gzip, snappy, lz4, zstd)`},
		},
		"limits that contradict each other": {
			in: `{"brokers": ["k:1"], "batch_bytes": "0B", "in_flight": "1MiB", "dial_timeout": "0s"}`,
			want: []string{
				"batch_bytes: is 0, not between 1B and 64MiB (use 512KiB, for example)",
				"dial_timeout: is 0s, which is no time at all (use 30s, for example)",
			},
		},
		"less in flight than a batch": {
			in:   `{"brokers": ["k:1"], "batch_bytes": "2MiB", "in_flight": "1MiB"}`,
			want: []string{"in_flight: is 1MiB, less than batch_bytes of 2MiB (raise it, or lower batch_bytes)"},
		},
		"bad numbers of partitions and replicas": {
			in: `{"brokers": ["k:1"], "topics": {"partitions": 0, "replication_factor": -2}}`,
			want: []string{
				"topics.partitions: is 0 (use a positive number, or -1 for the brokers' default)",
				"topics.replication_factor: is -2 (use a positive number, or -1 for the brokers' default)",
			},
		},
		"a bad rule": {
			in: `{"brokers": ["k:1"], "topics": {"rules": [{"match": "("}]}}`,
			want: []string{
				"topics.rules[0].match: \"(\" is not a regular expression: error parsing regexp: missing closing ): `^(?:()$` (write a regular expression of Go's syntax)",
			},
		},
		"tls that is off": {
			in:   `{"brokers": ["k:1"], "tls": {"ca": "/ca.pem"}}`,
			want: []string{"tls.mode: is disabled, but there are other keys (set it to verify_identity, or remove the other keys)"},
		},
		"a missing file": {
			in:   `{"brokers": ["k:1"], "tls": {"mode": "verify_identity", "ca": "/no/ca.pem"}}`,
			want: []string{"tls.ca: /no/ca.pem cannot be read: no such file or directory (make the file readable to the user that leat runs as; name a PEM file, or write PEM)"},
		},
		"a mode of MySQL": {
			in:   `{"brokers": ["k:1"], "tls": {"mode": "preferred"}}`,
			want: []string{"tls.mode: is preferred, which does not serve here (use verify_identity)"},
		},
		"a password in plain text": {
			in: `{"brokers": ["127.0.0.1:1", "k:1"], "sasl": {"mechanism": "PLAIN", "username": "u", "password": "p"}}`,
			want: []string{"sasl.mechanism: is PLAIN, which sends the password readable to whoever is on the network, as tls.mode is disabled " +
				"(set tls.mode to verify_identity, or sasl.allow_plaintext to true if the network is safe)"},
		},
		"a token in plain text": {
			in: `{"brokers": ["k:1"], "sasl": {"mechanism": "OAUTHBEARER", "token": "t"}}`,
			want: []string{"sasl.mechanism: is OAUTHBEARER, which sends the token readable to whoever is on the network, as tls.mode is disabled " +
				"(set tls.mode to verify_identity, or sasl.allow_plaintext to true if the network is safe)"},
		},
		"plain text that was allowed": {in: `{"brokers": ["k:1"], "sasl": {"mechanism": "PLAIN", "username": "u", "password": "p", "allow_plaintext": true}}`},
		"plain text on this machine":  {in: `{"brokers": ["localhost:1", "127.8.9.1:1", "[::1]:1"], "sasl": {"mechanism": "PLAIN", "username": "u", "password": "p"}}`},
		"SCRAM without TLS":           {in: `{"brokers": ["k:1"], "sasl": {"mechanism": "SCRAM-SHA-512", "username": "u", "password": "p"}}`},
		"PLAIN with TLS":              {in: `{"brokers": ["k:1"], "tls": {"mode": "verify_identity"}, "sasl": {"mechanism": "PLAIN", "username": "u", "password": "p"}}`},
		"nothing to allow": {
			in:   `{"brokers": ["k:1"], "sasl": {"allow_plaintext": true}}`,
			want: []string{"sasl.mechanism: is none, but sasl is configured (set it to the listener's mechanism)"},
		},
		"sasl that is off": {
			in:   `{"brokers": ["k:1"], "sasl": {"username": "u"}}`,
			want: []string{"sasl.mechanism: is none, but sasl is configured (set it to the listener's mechanism)"},
		},
		"sasl without credentials": {
			in: `{"brokers": ["k:1"], "sasl": {"mechanism": "SCRAM-SHA-256"}}`,
			want: []string{
				"sasl.username: is empty, but SCRAM-SHA-256 needs it (set it)",
				"sasl.password: is empty, but SCRAM-SHA-256 needs it (set it)",
			},
		},
		"oauth without a token": {
			in:   `{"brokers": ["localhost:1"], "sasl": {"mechanism": "OAUTHBEARER"}}`,
			want: []string{"sasl.token: is empty, but OAUTHBEARER needs it (set it)"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := decode(t, tt.in)
			if diff := cmp.Diff(tt.want, problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigDescribesItself(t *testing.T) {
	t.Parallel()
	fields, err := config.Describe(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	secret := map[string]bool{}
	for _, f := range fields {
		if f.Secret {
			secret[f.Key] = true
		}
	}
	if diff := cmp.Diff(map[string]bool{"sasl.password": true, "sasl.token": true, "tls.key": true, "sasl.oidc.client_secret": true, "sasl.oidc.tls.key": true}, secret); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	c, problems := decode(t, `{"brokers": ["localhost:1"], "compression": "zstd", "in_flight": "4MiB", "request_timeout": "7s",
		"topics": {"partitions": 2, "config": {"a": "b"}, "rules": [{"match": "x|y", "replication_factor": 3}]},
		"sasl": {"mechanism": "PLAIN", "username": "u", "password": "p"}}`)
	if problems != nil {
		t.Fatal(problems)
	}
	t.Run("of the client", func(t *testing.T) {
		t.Parallel()
		s := c.clientSettings()
		if s.TLS.Enabled() || !s.SASL.Username.Equal(config.NewText("u")) || !s.SASL.Password.Equal(config.NewSecret("p")) || s.RequestTimeout != 7*time.Second {
			t.Errorf("got %+v", s)
		}
	})
	t.Run("of the producer", func(t *testing.T) {
		t.Parallel()
		s := c.produceSettings("id", slog.New(slog.DiscardHandler), nil)
		if s.TransactionalID != "id" || s.Compression != sarama.CompressionZSTD || s.InFlightBytes != 4<<20 || s.BatchBytes != 512<<10 {
			t.Errorf("got %+v", s)
		}
	})
	t.Run("of topics", func(t *testing.T) {
		t.Parallel()
		p, err := c.plan()
		if err != nil {
			t.Fatal(err)
		}
		want := "partitions=2 replication_factor=3 a=b cleanup.policy=delete"
		if diff := cmp.Diff(want, p.For("y", false).String()); diff != "" {
			t.Errorf("plan (-want +got):\n%s", diff)
		}
	})
}
