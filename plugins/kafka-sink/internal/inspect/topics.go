package inspect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/client"
	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// maxTrials is how many missing topics are tried to be created.
const maxTrials = 50

const topicRights = "topic rights"

// topics checks the rights on the topics that the pipeline is expected to write.
func (i *Inspector) topics() {
	if len(i.Topics) == 0 {
		return
	}
	slices.Sort(i.Topics)
	found, err := i.Cluster.DescribeTopics(slices.Compact(i.Topics))
	if err != nil {
		i.fault(sdk.Warning, topicRights, "", "ask for the rights on topics", err)
		return
	}
	before := len(i.findings)
	var missing []string
	for _, t := range found {
		switch {
		case errors.Is(t.Err, sarama.ErrUnknownTopicOrPartition):
			missing = append(missing, t.Name)
		case errors.Is(t.Err, sarama.ErrTopicAuthorizationFailed):
			i.deny(sdk.Error, t.Name, "Describe", fault.TopicRights)
		case t.Err != nil:
			i.fault(sdk.Warning, topicRights, "", fmt.Sprintf("ask for the rights on topic %q", t.Name), t.Err)
		default:
			i.rights(&t)
		}
	}
	i.missing(missing)
	if len(i.findings) == before {
		i.ok(topicRights, "", "the user may write to the %d topics of the tables that are captured now", len(found))
	}
}

func (i *Inspector) rights(t *client.Topic) {
	switch {
	case !t.May(sarama.AclOperationWrite):
		i.deny(sdk.Error, t.Name, "Write to", fault.TopicRights)
	case !t.May(sarama.AclOperationDescribeConfigs):
		i.deny(sdk.Warning, t.Name, "DescribeConfigs of", "--operation DescribeConfigs")
	}
}

func (i *Inspector) deny(s sdk.Severity, topic, right, grant string) {
	i.note(s, topicRights, "sasl.username", fmt.Sprintf("may not %s topic %q", right, topic), fault.GrantTopic(i.User, grant, topic))
}

// missing checks that topics can be made which are not there.
func (i *Inspector) missing(names []string) {
	switch {
	case len(names) == 0:
		return
	case !i.Plan.Create:
		i.note(sdk.Error, "topics", "topics.create", "is off, but there are no topics "+strings.Join(names[:min(10, len(names))], ", "),
			"create them, or set it to true")
		return
	}
	for _, name := range names[:min(maxTrials, len(names))] {
		spec := i.Plan.For(name, true)
		err := i.Cluster.CreateTopic(name, spec.Detail(), true)
		switch {
		case err == nil:
		case errors.Is(err, sarama.ErrTopicAuthorizationFailed), errors.Is(err, sarama.ErrClusterAuthorizationFailed):
			i.deny(sdk.Error, name, "Create", fault.CreateRights)
		default:
			i.fault(sdk.Error, "topic creation", "topics", fmt.Sprintf("try to create topic %q with %v", name, spec), err)
		}
	}
}

// claim checks that the process before may be fenced, which it does not do.
func (i *Inspector) claim() {
	if err := i.Cluster.MayClaim(i.TransactionalID); err != nil {
		i.fault(sdk.Error, "transactional id", "transactional_id", fmt.Sprintf("claim %q", i.TransactionalID), err)
		return
	}
	i.ok("transactional id", "transactional_id", "%s may be claimed", i.TransactionalID)
}
