package topic

import (
	"context"
	"fmt"
	"strings"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// check judges the configuration of a topic that exists. One that cannot be read
// is no reason to stop: the broker speaks up when it refuses a record.
func (t *Topics) check(ctx context.Context, name string, keyed bool) error {
	var entries []sarama.ConfigEntry
	err := t.until(ctx, name, "described", func() (err error) {
		entries, err = t.admin.DescribeConfig(sarama.ConfigResource{
			Type: sarama.TopicResource, Name: name, ConfigNames: []string{cleanupPolicy},
		})
		return err
	})
	if err != nil {
		t.logger.Warn("cannot read the topic's cleanup.policy, which is needed to tell whether it loses rows",
			"topic", name, "error", fault.Text(fault.WithGrant(err, t.user, "--operation DescribeConfigs", name)))
		return nil
	}
	for _, e := range entries {
		if e.Name == cleanupPolicy {
			return t.judge(name, keyed, e.Value)
		}
	}
	return nil
}

func (t *Topics) judge(name string, keyed bool, policy string) error {
	compact := strings.Contains(policy, "compact")
	switch {
	case compact && !keyed:
		return sdk.Permanent(fmt.Errorf("topic %q has cleanup.policy=%s, which takes no records without a key, and the table has none: "+
			"set the topic's cleanup.policy to delete, or give the table a key", name, policy))
	case !compact && keyed:
		t.logger.Warn("the topic has records with keys but is not compacted: rows that do not change are lost when its retention ends; "+
			"set cleanup.policy to compact to keep the last state of each", "topic", name, "cleanup.policy", policy)
	}
	return nil
}
