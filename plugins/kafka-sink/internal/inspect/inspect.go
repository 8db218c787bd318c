// Package inspect checks a cluster before a pipeline runs: whether it can be
// reached, whether the user may do what the sink does, and whether its settings
// keep records safe. It changes nothing in the cluster.
//
// Start reading at Inspector.Run.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/topic"
	"github.com/leat-io/leat/sdk"
)

// Cluster is what is inspected: a client.Client.
type Cluster interface {
	Probe(address string) error
	RefreshMetadata(topics ...string) error
	InitProducerID() (*sarama.InitProducerIDResponse, error)
	CreateTopic(topic string, detail *sarama.TopicDetail, validateOnly bool) error
	DescribeCluster() ([]*sarama.Broker, error)
	DescribeTopics(names []string) ([]client.Topic, error)
	MayClaim(transactionalID string) error
	DescribeConfig(resource sarama.ConfigResource) ([]sarama.ConfigEntry, error)
}

// Inspector inspects a cluster for a configuration.
type Inspector struct {
	Cluster Cluster
	// Brokers are the addresses configured.
	Brokers []string
	Plan    topic.Plan
	// BatchBytes is the size of a full record batch.
	BatchBytes int64
	// Pipeline names the topic of the trial.
	Pipeline string
	// TransactionalID is what the sink claims when it starts.
	TransactionalID string
	// Topics are those that the pipeline is expected to write, if anybody knows.
	Topics []string
	// User of SASL, empty if there is none.
	User string

	findings []sdk.Finding
}

// Run returns the findings. It ends early where the rest would repeat a fault.
func (i *Inspector) Run(ctx context.Context) []sdk.Finding {
	if !i.reach(ctx) || !i.describe(ctx) {
		return i.findings
	}
	i.producer()
	i.claim()
	i.creation()
	i.topics()
	return i.findings
}

func (i *Inspector) ok(check, path, format string, args ...any) {
	i.findings = append(i.findings, sdk.Finding{Severity: sdk.OK, Check: check, Path: path, Message: fmt.Sprintf(format, args...)})
}

func (i *Inspector) note(s sdk.Severity, check, path, message, cure string) {
	i.findings = append(i.findings, sdk.Finding{Severity: s, Check: check, Path: path, Message: message, Cure: cure})
}

// fault notes an error of the cluster, whose cure fault knows.
func (i *Inspector) fault(s sdk.Severity, check, path, what string, err error) {
	message, cure := fault.Explain(err)
	i.note(s, check, path, what+": "+message, cure)
}

// reach tries each address. One that answers is enough to go on; one that does
// not is a fault all the same only if none does.
func (i *Inspector) reach(ctx context.Context) bool {
	var errs []error
	reached := 0
	for _, address := range i.Brokers {
		err := context.Cause(ctx)
		if err == nil {
			err = i.Cluster.Probe(address)
		}
		if errs = append(errs, err); err == nil {
			reached++
		}
	}
	for n, err := range errs {
		path := fmt.Sprintf("brokers[%d]", n)
		switch {
		case err == nil:
			i.ok("broker", path, "%s answers", i.Brokers[n])
		case reached > 0:
			i.fault(sdk.Warning, "broker", path, "connect to "+i.Brokers[n], err)
		default:
			i.fault(sdk.Error, "broker", path, "connect to "+i.Brokers[n], err)
		}
	}
	return reached > 0
}

// describe checks the addresses that the cluster advertises, and its settings.
func (i *Inspector) describe(ctx context.Context) bool {
	err := i.Cluster.RefreshMetadata(i.trial())
	var brokers []*sarama.Broker
	if err == nil || errors.Is(err, sarama.ErrUnknownTopicOrPartition) || errors.Is(err, sarama.ErrTopicAuthorizationFailed) {
		brokers, err = i.Cluster.DescribeCluster()
	}
	if err != nil {
		i.fault(sdk.Error, "cluster", "brokers", "describe the cluster", err)
		return false
	}
	var unreachable []string
	for _, b := range brokers {
		if ctx.Err() != nil {
			break
		}
		if err := i.Cluster.Probe(b.Addr()); err != nil {
			unreachable = append(unreachable, fmt.Sprintf("%s (%v)", b.Addr(), err))
		}
	}
	if len(unreachable) > 0 {
		i.note(sdk.Error, "advertised.listeners", "brokers",
			"brokers cannot be reached under the addresses they advertise: "+strings.Join(unreachable, ", "),
			"correct the brokers' advertised.listeners, or name the listener meant for this network in brokers")
		return false
	}
	i.ok("cluster", "brokers", "%d brokers", len(brokers))
	i.settings(brokers)
	return true
}

// producer checks that an idempotent producer is allowed.
func (i *Inspector) producer() {
	if _, err := i.Cluster.InitProducerID(); err != nil {
		err = fault.WithClusterCure(err, "allow Write on a topic, as said of each below; before Kafka 2.8 "+
			fault.GrantCluster(i.User, "--operation IdempotentWrite"))
		i.fault(sdk.Error, "idempotent write", "sasl.username", "get a producer id", err)
		return
	}
	i.ok("idempotent write", "", "allowed")
}

// creation has the brokers check, but not carry out, the creation of a topic.
func (i *Inspector) creation() {
	if len(i.Topics) > 0 && i.Plan.Create {
		return // the topics themselves are tried
	}
	if !i.Plan.Create {
		i.ok("topic creation", "topics.create", "is off: all topics have to exist")
		return
	}
	spec := i.Plan.For(i.trial(), true)
	err := i.Cluster.CreateTopic(i.trial(), spec.Detail(), true)
	if err != nil {
		i.fault(sdk.Error, "topic creation", "topics", fmt.Sprintf("try to create a topic with %v", spec), err)
		return
	}
	i.ok("topic creation", "topics", "allowed with %v", spec)
}

// trial is the name of a topic that there is none of.
func (i *Inspector) trial() string { return "leat-validate-" + i.Pipeline }
