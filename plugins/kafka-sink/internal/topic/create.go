package topic

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
)

// create makes the topic and waits until it can be written. Another creator may
// be faster; what it made is then checked as any topic that exists.
func (t *Topics) create(ctx context.Context, name string, keyed bool) error {
	spec := t.plan.For(name, keyed)
	err := t.poll(ctx, name, "created", func() (bool, error) {
		err := t.admin.CreateTopic(name, spec.Detail(), false)
		return !fault.Retriable(err) && !short(err), err
	})
	exists := errors.Is(err, sarama.ErrTopicAlreadyExists)
	if err != nil && !exists {
		return fmt.Errorf("create topic %q with %v: %w", name, spec, t.mark(err, name))
	}
	if err := t.awaitLeaders(ctx, name); err != nil {
		return fmt.Errorf("wait for the leaders of the new topic %q: %w", name, t.mark(err, name))
	}
	if exists {
		return t.check(ctx, name, keyed)
	}
	t.logger.Info("created topic", "topic", name, "with", spec.String())
	return nil
}

// short says that brokers are away which a new topic needs. Of a factor that is
// too high for all of them KRaft says how many "are registered"; with ZooKeeper
// the two cannot be told apart.
func short(err error) bool {
	return errors.Is(err, sarama.ErrInvalidReplicationFactor) &&
		(strings.Contains(err.Error(), "fenced") || strings.Contains(err.Error(), "available brokers"))
}

// awaitLeaders waits until the metadata has spread and each partition has a leader.
func (t *Topics) awaitLeaders(ctx context.Context, name string) error {
	return t.poll(ctx, name, "written", func() (bool, error) {
		if err := t.metadata.RefreshMetadata(name); err != nil {
			return !fault.Retriable(err), err
		}
		all, err := t.metadata.Partitions(name)
		if err != nil {
			return !fault.Retriable(err), err
		}
		writable, err := t.metadata.WritablePartitions(name)
		if err == nil && !slices.Equal(all, writable) {
			err = sarama.ErrLeaderNotAvailable
		}
		return !fault.Retriable(err), err
	})
}
