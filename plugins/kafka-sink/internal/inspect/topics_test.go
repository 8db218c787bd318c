package inspect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/inspect"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/kafkatest"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
	"github.com/leat-io/leat/sdk/config"
)

// allow is an ACL on a topic, or on those that begin with a name before a star.
func allow(name string, ops ...kmsg.ACLOperation) []kfake.ACL {
	var out []kfake.ACL
	for _, op := range ops {
		acl := kfake.ACL{Resource: kmsg.ACLResourceTypeTopic, Name: name, Pattern: kmsg.ACLResourcePatternTypeLiteral, Operation: op, Allow: true}
		if prefix, ok := strings.CutSuffix(name, "*"); ok {
			acl.Name, acl.Pattern = prefix, kmsg.ACLResourcePatternTypePrefixed
		}
		out = append(out, acl)
	}
	return out
}

const grantTopic = "run kafka-acls.sh --bootstrap-server BROKER --add --allow-principal User:u "

func TestTopicRights(t *testing.T) {
	t.Parallel()
	const write, describe, configs, create = kmsg.ACLOperationWrite, kmsg.ACLOperationDescribe, kmsg.ACLOperationDescribeConfigs, kmsg.ACLOperationCreate
	all := "--operation Write --operation Describe --operation DescribeConfigs --topic "
	tests := map[string]struct {
		acls  []kfake.ACL
		plan  topic.Plan
		names []string
		want  []string // of the findings about topics
	}{
		"OK": {
			acls: allow("db.*", write, describe, configs, create), plan: plan(1, nil), names: []string{"db.new", "db.there"},
			want: []string{"ok|topic rights|the user may write to the 2 topics of the tables that are captured now|"},
		},
		"a topic that may not be written": {
			acls: allow("db.there", describe, configs), plan: plan(1, nil), names: []string{"db.there"},
			want: []string{`error|topic rights|may not Write to topic "db.there"|` + grantTopic + all + "db.there"},
		},
		"a topic that may not be seen": {
			acls: allow("other", write), plan: plan(1, nil), names: []string{"db.there"},
			want: []string{`error|topic rights|may not Describe topic "db.there"|` + grantTopic + all + "db.there"},
		},
		"a topic whose settings may not be read": {
			acls: allow("db.there", write), plan: plan(1, nil), names: []string{"db.there"},
			want: []string{`warning|topic rights|may not DescribeConfigs of topic "db.there"|` + grantTopic + "--operation DescribeConfigs --topic db.there"},
		},
		"a topic that may not be created": {
			acls: allow("db.*", write, configs), plan: plan(1, nil), names: []string{"db.new", "db.there"},
			want: []string{`error|topic rights|may not Create topic "db.new"|` + grantTopic + "--operation Create " + all + "db.new"},
		},
		"a topic that nobody will create": {
			acls: allow("db.*", write, configs), plan: topic.Plan{Default: topic.Spec{Replication: -1}}, names: []string{"db.new"},
			want: []string{"error|topics|is off, but there are no topics db.new|create them, or set it to true"},
		},
		"nobody knows the topics": {
			acls: allow("db.*", write, configs), plan: plan(1, nil),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := kafkatest.Start(t, kfake.SeedTopics(1, "db.there"), kfake.EnableSASL(), kfake.EnableACLs(),
				kfake.Superuser("PLAIN", "root", "p"), kfake.User("PLAIN", "u", "p", tt.acls...))
			c, err := client.New(client.Settings{
				Brokers: cluster.ListenAddrs(), ClientID: "test", DialTimeout: time.Second, RequestTimeout: 5 * time.Second,
				SASL: client.SASL{Mechanism: "PLAIN", Username: config.NewText("u"), Password: config.NewSecret("p")},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			i := inspect.Inspector{
				Cluster: c, Brokers: cluster.ListenAddrs(), Plan: tt.plan, BatchBytes: 512 << 10,
				Pipeline: "p", TransactionalID: "leat.p.kafka", Topics: tt.names, User: "u",
			}
			if diff := cmp.Diff(tt.want, aboutTopics(i.Run(t.Context()))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func aboutTopics(findings []sdk.Finding) []string {
	var out []string
	for _, f := range findings {
		if f.Check == "topic rights" || f.Path == "topics.create" && f.Severity != sdk.OK {
			out = append(out, strings.Join([]string{f.Severity.String(), f.Check, f.Message, f.Cure}, "|"))
		}
	}
	return out
}
