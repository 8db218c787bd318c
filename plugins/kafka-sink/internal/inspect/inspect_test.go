package inspect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/inspect"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

func TestMain(m *testing.M) { kafkatest.Run(m) }

func plan(replication int16, config map[string]string) topic.Plan {
	return topic.Plan{Create: true, Default: topic.Spec{Partitions: -1, Replication: replication, Config: config}}
}

func TestRun(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts    []kfake.Opt
		plan    topic.Plan
		brokers []string // besides those of the cluster
		sasl    client.SASL
		refuse  bool
		want    []string // severity, check and a part of the message
	}{
		"OK": {
			opts: []kfake.Opt{kfake.NumBrokers(3)}, plan: plan(3, nil),
			want: []string{
				"ok|broker|answers", "ok|broker|answers", "ok|broker|answers", "ok|cluster|3 brokers",
				"ok|replication|3 replicas", "ok|record size|1048588 bytes", "ok|idempotent write|allowed", "ok|transactional id|", "ok|topic creation|allowed with",
			},
		},
		"a broker that does not answer beside one that does": {
			plan: plan(1, nil), brokers: []string{"127.0.0.1:1"},
			want: []string{
				"ok|broker|answers", "warning|broker|connect to 127.0.0.1:1", "ok|cluster|1 brokers",
				"ok|replication|1 replicas", "ok|record size|bytes", "ok|idempotent write|", "ok|transactional id|", "ok|topic creation|",
			},
		},
		"a wrong password": {
			opts: []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("PLAIN", "u", "p")}, plan: plan(1, nil),
			sasl:   client.SASL{Mechanism: "PLAIN", Username: config.NewText("u"), Password: config.NewSecret("wrong")},
			refuse: true, want: []string{"error|broker|SASL_AUTHENTICATION_FAILED"},
		},
		"more replicas than brokers": {
			plan: plan(3, nil),
			want: []string{
				"ok|broker|", "ok|cluster|", "error|replication|3 replicas, but there are 1 brokers",
				"ok|record size|", "ok|idempotent write|", "ok|transactional id|", "error|topic creation|",
			},
		},
		"more replicas needed than there are": {
			opts: []kfake.Opt{kfake.NumBrokers(3)}, plan: plan(2, map[string]string{"min.insync.replicas": "3"}),
			want: []string{
				"ok|broker|", "ok|broker|", "ok|broker|", "ok|cluster|", "warning|replication|older ones refuse every record",
				"ok|record size|", "ok|idempotent write|", "ok|transactional id|", "ok|topic creation|",
			},
		},
		"all replicas needed": {
			opts: []kfake.Opt{kfake.NumBrokers(3)}, plan: plan(2, map[string]string{"min.insync.replicas": "2"}),
			want: []string{
				"ok|broker|", "ok|broker|", "ok|broker|", "ok|cluster|", "warning|replication|stands still while one broker is down",
				"ok|record size|", "ok|idempotent write|", "ok|transactional id|", "ok|topic creation|",
			},
		},
		"one replica of many brokers": {
			opts: []kfake.Opt{kfake.NumBrokers(2)}, plan: plan(1, nil),
			want: []string{
				"ok|broker|", "ok|broker|", "ok|cluster|", "warning|replication|one replica",
				"ok|record size|", "ok|idempotent write|", "ok|transactional id|", "ok|topic creation|",
			},
		},
		"batches larger than the brokers take": {
			opts: []kfake.Opt{kfake.BrokerConfigs(map[string]string{"message.max.bytes": "1000"})}, plan: plan(1, nil),
			want: []string{
				"ok|broker|", "ok|cluster|", "ok|replication|", "ok|record size|1000 bytes", "warning|record size|sent twice",
				"ok|idempotent write|", "ok|transactional id|", "ok|topic creation|",
			},
		},
		"no creation of topics": {
			plan: topic.Plan{Default: topic.Spec{Replication: -1}},
			want: []string{"ok|broker|", "ok|cluster|", "ok|record size|", "ok|idempotent write|", "ok|transactional id|", "ok|topic creation|is off"},
		},
		"no right to create topics": {
			opts: []kfake.Opt{kfake.EnableSASL(), kfake.EnableACLs(), kfake.Superuser("PLAIN", "root", "p"), kfake.User("PLAIN", "u", "p")},
			plan: plan(1, nil), sasl: client.SASL{Mechanism: "PLAIN", Username: config.NewText("u"), Password: config.NewSecret("p")},
			want: []string{
				"ok|broker|", "ok|cluster|", "warning|broker settings|CLUSTER_AUTHORIZATION_FAILED",
				"error|idempotent write|CLUSTER_AUTHORIZATION_FAILED",
				"error|transactional id|TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "error|topic creation|AUTHORIZATION_FAILED",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Start(t, tt.opts...)
			if tt.refuse {
				cluster.RefuseLogin()
			}
			brokers := append(cluster.ListenAddrs(), tt.brokers...)
			c, err := client.New(client.Settings{
				Brokers: brokers, ClientID: "test", SASL: tt.sasl, DialTimeout: time.Second, RequestTimeout: 5 * time.Second,
			})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			i := inspect.Inspector{Cluster: c, Brokers: brokers, Plan: tt.plan, BatchBytes: 512 << 10, Pipeline: "p", TransactionalID: "leat.p.kafka"}
			compare(t, tt.want, i.Run(t.Context()))
		})
	}
}

// compare wants one finding for each line; each that is not OK has a cure.
func compare(t *testing.T, want []string, findings []sdk.Finding) {
	t.Helper()
	var got []string
	for n, f := range findings {
		line := f.Severity.String() + "|" + f.Check + "|"
		if n < len(want) && strings.HasPrefix(want[n], line) && strings.Contains(f.Message, strings.TrimPrefix(want[n], line)) {
			line = want[n]
		} else {
			line += f.Message
		}
		got = append(got, line)
		if (f.Cure == "") != (f.Severity == sdk.OK) {
			t.Errorf("finding %q has the cure %q", f.Message, f.Cure)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
