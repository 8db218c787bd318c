package topic_test

import (
	"bytes"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

func TestMain(m *testing.M) { kafkatest.Run(m) }

type rig struct {
	*topic.Topics
	cluster *kafkatest.Cluster
	admin   *kadm.Client
	log     *bytes.Buffer
}

func newRig(t *testing.T, plan topic.Plan, opts ...kfake.Opt) *rig {
	t.Helper()
	cluster := kafkatest.Start(t, opts...)
	c, err := client.New(client.Settings{
		Brokers: cluster.ListenAddrs(), ClientID: "test", DialTimeout: time.Second, RequestTimeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	other, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	log := new(bytes.Buffer)
	return &rig{
		Topics:  topic.New(c, c, plan, time.Second, "u", slog.New(slog.NewTextHandler(log, nil))),
		cluster: cluster, admin: kadm.NewClient(other), log: log,
	}
}

// made returns the partitions and some of the configuration of a topic.
func (r *rig) made(t *testing.T, name string, keys ...string) (partitions int, config map[string]string) {
	t.Helper()
	topics, err := r.admin.ListTopics(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	configs, err := r.admin.DescribeTopicConfigs(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	config = map[string]string{}
	for _, c := range configs[0].Configs {
		for _, k := range keys {
			if c.Key == k {
				config[k] = c.MaybeValue()
			}
		}
	}
	return len(topics[name].Partitions), config
}

func pattern(t *testing.T, text string, s topic.Spec) topic.Rule {
	t.Helper()
	match, err := topic.Pattern(text)
	if err != nil {
		t.Fatal(err)
	}
	return topic.Rule{Match: match, Spec: s}
}

func TestEnsureCreates(t *testing.T) {
	t.Parallel()
	plan := topic.Plan{
		Create:  true,
		Default: topic.Spec{Partitions: 4, Replication: -1, Config: map[string]string{"retention.ms": "1000"}},
		Rules: []topic.Rule{
			pattern(t, `big\..*`, topic.Spec{Partitions: 12, Config: map[string]string{"retention.ms": "5", "cleanup.policy": "delete"}}),
			pattern(t, `.*`, topic.Spec{}),
			pattern(t, `never`, topic.Spec{Partitions: 99}),
		},
	}
	tests := map[string]struct {
		topic      string
		keyed      bool
		partitions int
		config     map[string]string
	}{
		"a compacted topic for records with keys": {"a", true, 4, map[string]string{"cleanup.policy": "compact", "retention.ms": "1000"}},
		"another one for records without":         {"b", false, 4, map[string]string{"cleanup.policy": "delete", "retention.ms": "1000"}},
		"as the first rule that matches says":     {"big.c", true, 12, map[string]string{"cleanup.policy": "delete", "retention.ms": "5"}},
		"and a rule matches whole names":          {"not.big.c", true, 4, map[string]string{"cleanup.policy": "compact", "retention.ms": "1000"}},
		"without the rules behind the first":      {"never", true, 4, map[string]string{"cleanup.policy": "compact", "retention.ms": "1000"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, plan)
			for range 2 {
				n, err := r.Ensure(t.Context(), tt.topic, tt.keyed)
				if err != nil {
					t.Fatal(err)
				}
				if int(n) != tt.partitions {
					t.Errorf("got %d partitions, want %d", n, tt.partitions)
				}
			}
			partitions, config := r.made(t, tt.topic, "cleanup.policy", "retention.ms")
			if partitions != tt.partitions {
				t.Errorf("made %d partitions, want %d", partitions, tt.partitions)
			}
			if diff := cmp.Diff(tt.config, config); diff != "" {
				t.Errorf("configuration (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("with the brokers' default number of partitions", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, topic.Plan{Create: true, Default: topic.Spec{Partitions: -1, Replication: -1}}, kfake.DefaultNumPartitions(7))
		if n, err := r.Ensure(t.Context(), "a", true); err != nil || n != 7 {
			t.Errorf("got %d, %v, want 7", n, err)
		}
	})

	t.Run("while others create the same topic", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, plan, kfake.SeedTopics(9, "a"))
		r.cluster.ControlKey(int16(kmsg.Metadata), func(req kmsg.Request) (kmsg.Response, error, bool) {
			return r.unknown(t, req.(*kmsg.MetadataRequest)), nil, true
		})
		if n, err := r.Ensure(t.Context(), "a", true); err != nil || n != 9 {
			t.Errorf("got %d, %v, want the other's 9", n, err)
		}
	})

	t.Run("again when the controller moves", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, plan, kfake.NumBrokers(3))
		var once sync.Once
		r.cluster.ControlKey(int16(kmsg.CreateTopics), func(req kmsg.Request) (kmsg.Response, error, bool) {
			var res *kmsg.CreateTopicsResponse
			once.Do(func() { res = refuse(req.(*kmsg.CreateTopicsRequest), kerr.NotController.Code) })
			if res == nil {
				return nil, nil, false
			}
			return res, nil, true
		})
		if n, err := r.Ensure(t.Context(), "a", true); err != nil || n != 4 {
			t.Errorf("got %d, %v, want 4", n, err)
		}
	})
}

// unknown answers as before the topic was created.
func (r *rig) unknown(t *testing.T, req *kmsg.MetadataRequest) kmsg.Response {
	t.Helper()
	host, port, err := net.SplitHostPort(r.cluster.ListenAddrs()[0])
	if err != nil {
		t.Error(err)
	}
	number, err := strconv.ParseInt(port, 10, 32)
	if err != nil {
		t.Error(err)
	}
	res := req.ResponseKind().(*kmsg.MetadataResponse)
	b := kmsg.NewMetadataResponseBroker()
	b.Host, b.Port = host, int32(number)
	res.Brokers = append(res.Brokers, b)
	for _, wanted := range req.Topics {
		rt := kmsg.NewMetadataResponseTopic()
		rt.Topic, rt.ErrorCode = wanted.Topic, kerr.UnknownTopicOrPartition.Code
		res.Topics = append(res.Topics, rt)
	}
	return res
}

func refuse(req *kmsg.CreateTopicsRequest, code int16) *kmsg.CreateTopicsResponse {
	res := req.ResponseKind().(*kmsg.CreateTopicsResponse)
	for _, t := range req.Topics {
		rt := kmsg.NewCreateTopicsResponseTopic()
		rt.Topic, rt.ErrorCode = t.Topic, code
		res.Topics = append(res.Topics, rt)
	}
	return res
}

func TestEnsureFails(t *testing.T) {
	t.Parallel()
	create := topic.Plan{Create: true, Default: topic.Spec{Partitions: 1, Replication: 1}}
	compact := "compact"
	tests := map[string]struct {
		plan  topic.Plan
		topic string
		keyed bool
		made  map[string]*string // configuration of a topic that exists
		code  int16              // answer to its creation
		want  []string
	}{
		"for a missing topic that is not to be created": {
			plan: topic.Plan{}, topic: "a", want: []string{`topic "a" does not exist`, "topics.create"},
		},
		"for records without a key on a compacted topic": {
			plan: create, topic: "a", made: map[string]*string{"cleanup.policy": &compact},
			want: []string{`topic "a"`, "cleanup.policy=compact", "set the topic's cleanup.policy to delete"},
		},
		"for a bad name": {
			plan: create, topic: "a b", code: kerr.InvalidTopicException.Code, want: []string{`"a b"`, "INVALID_TOPIC_EXCEPTION", "249"},
		},
		"for a refused configuration": {
			plan: create, topic: "a", code: kerr.InvalidConfig.Code, want: []string{`"a"`, "partitions=1", "topics.config"},
		},
		"without the right to create": {
			plan: create, topic: "a", code: kerr.TopicAuthorizationFailed.Code, want: []string{`"a"`, "--allow-principal User:u --operation Create", "--topic a"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tt.plan)
			if tt.made != nil {
				if _, err := r.admin.CreateTopic(t.Context(), 1, 1, tt.made, tt.topic); err != nil {
					t.Fatal(err)
				}
			}
			if tt.code != 0 {
				r.cluster.ControlKey(int16(kmsg.CreateTopics), func(req kmsg.Request) (kmsg.Response, error, bool) {
					return refuse(req.(*kmsg.CreateTopicsRequest), tt.code), nil, true
				})
			}
			_, err := r.Ensure(t.Context(), tt.topic, tt.keyed)
			if err == nil || sdk.IsTransient(err) {
				t.Fatalf("got %v, want a permanent error", err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error lacks %q: %v", part, err)
				}
			}
		})
	}
}

func TestEnsureWarns(t *testing.T) {
	t.Parallel()
	r := newRig(t, topic.Plan{}, kfake.SeedTopics(3, "a"))
	for range 3 {
		if n, err := r.Ensure(t.Context(), "a", true); err != nil || n != 3 {
			t.Fatalf("got %d, %v, want 3", n, err)
		}
	}
	if n := strings.Count(r.log.String(), "is not compacted"); n != 1 {
		t.Errorf("warned %d times, want once: %s", n, r.log)
	}
}
