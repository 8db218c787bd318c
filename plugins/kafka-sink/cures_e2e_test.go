//go:build e2e

package main

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/leat-io/leat/e2e/servers"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/sdk"
)

// cluster is a real broker and who administers it.
type cluster struct {
	*servers.KafkaServer
	admin *kadm.Client
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	k := startKafka(t)
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(k.Bootstrap, ",")...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return &cluster{k, kadm.NewClient(client)}
}

func (c *cluster) create(t *testing.T, topic string, config map[string]string) {
	t.Helper()
	values := map[string]*string{}
	for k, v := range config {
		values[k] = &v
	}
	if _, err := c.admin.CreateTopic(t.Context(), 1, 1, values, topic); err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) alter(t *testing.T, topic, key, value string) {
	t.Helper()
	res, err := c.admin.AlterTopicConfigs(t.Context(), []kadm.AlterConfig{{Name: key, Value: &value}}, topic)
	if err != nil || res[0].Err != nil {
		t.Fatal(err, res)
	}
	time.Sleep(500 * time.Millisecond) // until the broker has it
}

// write opens a sink, sends one message and waits for what becomes of it.
func (c *cluster) write(t *testing.T, config map[string]any, topic string, keys sdk.SchemaID, m sdk.Message) error {
	t.Helper()
	all := map[string]any{"brokers": strings.Split(c.Bootstrap, ",")}
	for k, v := range config {
		all[k] = v
	}
	h, err := open(t, all)
	if err != nil {
		return err
	}
	h.send(t, one(topic, keys, m))
	return h.settle(t)
}

func noise(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

// TestCures follows what each permanent error says is to be done, after which the
// same message is written.
func TestCures(t *testing.T) {
	c := startCluster(t)
	keyed := sdk.Message{Key: []byte("k"), Value: []byte("v"), Time: time.Now().UnixMilli()}
	large := sdk.Message{Key: []byte("k"), Value: noise(1_500_000), Time: time.Now().UnixMilli()}
	old := sdk.Message{Key: []byte("k"), Value: []byte("v"), Time: time.Now().Add(-48 * time.Hour).UnixMilli()}
	tests := map[string]struct {
		made    map[string]string // configuration of a topic that a person has made
		config  map[string]any
		keyless bool
		message sdk.Message
		want    []string // what the error says
		// cured is the configuration afterwards, if follow does not change the topic.
		cured  map[string]any
		follow func(t *testing.T, topic string)
	}{
		"a record larger than the topic takes": {
			made: map[string]string{"max.message.bytes": "1000000", "cleanup.policy": "compact"}, message: large,
			want:   []string{"MESSAGE_TOO_LARGE", "a value of 1500000 bytes", "raise max.message.bytes of the topic"},
			follow: func(t *testing.T, topic string) { c.alter(t, topic, "max.message.bytes", "3000000") },
		},
		"a record larger than a segment": {
			made:    map[string]string{"segment.bytes": "1048576", "max.message.bytes": "3000000", "cleanup.policy": "compact"},
			message: large,
			want:    []string{"RECORD_LIST_TOO_LARGE", "a value of 1500000 bytes", "raise the topic's segment.bytes"},
			follow:  func(t *testing.T, topic string) { c.alter(t, topic, "segment.bytes", "3000000") },
		},
		"a topic that nobody has created": {
			config: map[string]any{"topics": map[string]any{"create": false}}, message: keyed,
			want:   []string{"does not exist", "create it"},
			follow: func(t *testing.T, topic string) { c.create(t, topic, map[string]string{"cleanup.policy": "compact"}) },
		},
		"a topic that is not to be created": {
			config: map[string]any{"topics": map[string]any{"create": false}}, message: keyed,
			want:  []string{"does not exist", "set topics.create to true"},
			cured: map[string]any{"topics": map[string]any{"create": true}},
		},
		"no key on a compacted topic": {
			made: map[string]string{"cleanup.policy": "compact"}, keyless: true, message: sdk.Message{Value: []byte("v"), Time: keyed.Time},
			want:   []string{"cleanup.policy=compact", "set the topic's cleanup.policy to delete"},
			follow: func(t *testing.T, topic string) { c.alter(t, topic, "cleanup.policy", "delete") },
		},
		"more replicas than brokers": {
			config: map[string]any{"topics": map[string]any{"replication_factor": 3}}, message: keyed,
			want:  []string{"INVALID_REPLICATION_FACTOR", "replication_factor=3", "topics.replication_factor to at most the number of brokers"},
			cured: map[string]any{"topics": map[string]any{"replication_factor": 1}},
		},
		"a configuration that there is not": {
			config: map[string]any{"topics": map[string]any{"config": map[string]any{"retention.ms": "long"}}}, message: keyed,
			want:  []string{"INVALID_CONFIG", "retention.ms", "correct topics.config"},
			cured: map[string]any{"topics": map[string]any{"config": map[string]any{"retention.ms": "100000"}}},
		},
		"a record that is too old": {
			made: map[string]string{"message.timestamp.before.max.ms": "3600000", "cleanup.policy": "compact"}, message: old,
			want:   []string{"INVALID_TIMESTAMP", "raise the topic's message.timestamp.before.max.ms"},
			follow: func(t *testing.T, topic string) { c.alter(t, topic, "message.timestamp.before.max.ms", "360000000") },
		},
		"a record that is too old for its own time": {
			made: map[string]string{"message.timestamp.before.max.ms": "3600000", "cleanup.policy": "compact"}, message: old,
			want:   []string{"INVALID_TIMESTAMP", "message.timestamp.type=LogAppendTime"},
			follow: func(t *testing.T, topic string) { c.alter(t, topic, "message.timestamp.type", "LogAppendTime") },
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			topic := strings.ReplaceAll(name, " ", "-")
			if tt.made != nil {
				c.create(t, topic, tt.made)
			}
			keys := keySchema
			if tt.keyless {
				keys = 0
			}
			err := c.write(t, tt.config, topic, keys, tt.message)
			if err == nil || sdk.IsTransient(err) {
				t.Fatalf("got %v, want a permanent error", err)
			}
			for _, part := range append(tt.want, topic) {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error lacks %q: %v", part, err)
				}
			}
			config := tt.config
			if tt.cured != nil {
				config = tt.cured
			}
			if tt.follow != nil {
				tt.follow(t, topic)
			}
			if err := c.write(t, config, topic, keys, tt.message); err != nil {
				t.Errorf("after the cure: %v", err)
			}
			kafkatest.Records(t, strings.Split(c.Bootstrap, ","), topic, 1)
		})
	}

	t.Run("fewer replicas than min.insync.replicas asks for are enough for a broker of today", func(t *testing.T) {
		c.create(t, "replicas", map[string]string{"min.insync.replicas": "2", "cleanup.policy": "compact"})
		if err := c.write(t, nil, "replicas", keySchema, keyed); err != nil {
			t.Error(err)
		}
	})

	t.Run("a topic that is deleted is made again by the next start", func(t *testing.T) {
		h := openReal(t, c.KafkaServer)
		h.numbered(t, "deleted", 0, 1)
		if err := h.settle(t); err != nil {
			t.Fatal(err)
		}
		if _, err := c.admin.DeleteTopic(t.Context(), "deleted"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		h.numbered(t, "deleted", 1, 2)
		err := h.settle(t)
		if err == nil || !sdk.IsTransient(err) || !strings.Contains(err.Error(), "the topic was deleted: it is created again") {
			t.Fatalf("got %v, want a transient error", err)
		}
		if err := c.write(t, nil, "deleted", keySchema, keyed); err != nil {
			t.Error(err)
		}
	})

	t.Run("of two pipelines of one name the older stops, until it has an id of its own", func(t *testing.T) {
		older := openReal(t, c.KafkaServer)
		if err := c.write(t, nil, "twice", keySchema, keyed); err != nil {
			t.Fatal(err)
		}
		older.send(t, one("twice", keySchema, keyed))
		err := older.settle(t)
		if err == nil || !sdk.IsSuperseded(err) || !strings.Contains(err.Error(), "give each a transactional_id of its own") {
			t.Fatalf("got %v, want one that says who goes on", err)
		}
		own, err := open(t, map[string]any{"brokers": strings.Split(c.Bootstrap, ","), "transactional_id": "leat.own"})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := c.write(t, nil, "twice", keySchema, keyed); err != nil {
				t.Error(err)
			}
			own.send(t, one("twice", keySchema, keyed))
			if err := own.settle(t); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestListenerCures has the settings of the connection not match the listener, and
// then what the error says.
func TestListenerCures(t *testing.T) {
	plain, guarded := startGuarded(t)
	login := func(mechanism, password string) map[string]any {
		return map[string]any{"mechanism": mechanism, "username": "u", "password": password}
	}
	tests := map[string]struct {
		config    map[string]any
		transient bool
		want      string
	}{
		"a wrong password":           {map[string]any{"brokers": []string{guarded}, "sasl": login("PLAIN", "x")}, false, "SASL_AUTHENTICATION_FAILED"},
		"a mechanism that is off":    {map[string]any{"brokers": []string{guarded}, "sasl": login("SCRAM-SHA-512", "p")}, false, "set sasl.mechanism to one of the listener's sasl.enabled.mechanisms"},
		"no login where one must be": {map[string]any{"brokers": []string{guarded}, "request_timeout": "1s"}, true, "check that tls and sasl match its listener"},
		"a login where none is":      {map[string]any{"brokers": []string{plain}, "sasl": login("PLAIN", "p")}, false, "set sasl.mechanism to none"},
		"TLS where none is":          {map[string]any{"brokers": []string{plain}, "tls": map[string]any{"mode": "required"}, "request_timeout": "1s"}, true, "check that tls and sasl match its listener"},
		"nobody at the address":      {map[string]any{"brokers": []string{"127.0.0.1:1"}}, true, "check that the brokers run and can be reached"},
		"a name that there is not":   {map[string]any{"brokers": []string{"kafka.invalid:9092"}}, true, "check the host names in brokers"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, tt.config)
			if err == nil || sdk.IsTransient(err) != tt.transient || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want transient %v and %q", err, tt.transient, tt.want)
			}
		})
	}
}
