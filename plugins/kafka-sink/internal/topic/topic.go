// Package topic finds the topics that records go to, creates those that are
// missing, and refuses those that would lose or refuse records. It never alters
// a topic that exists.
//
// Start reading at Topics.Ensure.
package topic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/IBM/sarama"

	"github.com/leat-io/leat/plugins/kafka-sink/internal/fault"
	"github.com/leat-io/leat/sdk"
)

// Metadata is what is known of topics: a sarama.Client.
type Metadata interface {
	Partitions(topic string) ([]int32, error)
	WritablePartitions(topic string) ([]int32, error)
	RefreshMetadata(topics ...string) error
}

// Admin creates and describes topics.
type Admin interface {
	CreateTopic(topic string, detail *sarama.TopicDetail, validateOnly bool) error
	DescribeConfig(resource sarama.ConfigResource) ([]sarama.ConfigEntry, error)
}

// Topics knows which topics are ready to be written. It is used by one goroutine
// at a time.
type Topics struct {
	metadata Metadata
	admin    Admin
	plan     Plan
	// timeout bounds the wait for a new topic's leaders.
	timeout time.Duration
	logger  *slog.Logger
	ready   map[key]bool
}

// key is a topic and what it is used for: it may get records with keys, without, or both.
type key struct {
	name  string
	keyed bool
}

// New makes Topics that create by plan.
func New(m Metadata, a Admin, plan Plan, timeout time.Duration, l *slog.Logger) *Topics {
	return &Topics{metadata: m, admin: a, plan: plan, timeout: timeout, logger: l, ready: map[key]bool{}}
}

// Ensure returns the number of partitions of the topic. On its first call for a
// topic it makes sure that the topic exists, has leaders, and takes such records.
func (t *Topics) Ensure(ctx context.Context, name string, keyed bool) (int32, error) {
	k := key{name, keyed}
	if !t.ready[k] {
		if err := t.prepare(ctx, name, keyed); err != nil {
			return 0, err
		}
		t.ready[k] = true
	}
	partitions, err := t.metadata.Partitions(name)
	if err != nil {
		return 0, fmt.Errorf("look up topic %q: %w", name, fault.Mark(err))
	}
	return int32(len(partitions)), nil
}

func (t *Topics) prepare(ctx context.Context, name string, keyed bool) error {
	err := t.lookUp(ctx, name)
	switch {
	case err == nil:
		return t.check(name, keyed)
	case !errors.Is(err, sarama.ErrUnknownTopicOrPartition):
		return fmt.Errorf("look up topic %q: %w", name, fault.Mark(err))
	case !t.plan.Create:
		return sdk.Permanent(fmt.Errorf("topic %q does not exist: create it, or set topics.create to true", name))
	}
	return t.create(ctx, name, keyed)
}

// lookUp asks the cluster for the topic, again while the cluster is in disorder.
func (t *Topics) lookUp(ctx context.Context, name string) error {
	return t.poll(ctx, func() (bool, error) {
		err := t.metadata.RefreshMetadata(name)
		if errors.Is(err, sarama.ErrUnknownTopicOrPartition) {
			return true, err
		}
		return !fault.Retriable(err), err
	})
}

const (
	pollMin = 10 * time.Millisecond
	pollMax = time.Second
)

// poll calls f with growing pauses until it says that it is finished, or the
// timeout is over; it returns f's last error.
func (t *Topics) poll(ctx context.Context, f func() (finished bool, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	for pause := pollMin; ; pause = min(2*pause, pollMax) {
		finished, err := f()
		if finished || err == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
